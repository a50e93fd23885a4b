package io.undercurrent.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.Home;
import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that Undercurrent gives out itself, in a file under {@code undercurrent.home} that
 * only its owner can read: a line with label, SHA-256 and time for each, and {@code read-only}.
 *
 * <p>A token has 256 random bits, so a plain hash keeps it: there is nothing to guess from.
 * Processes that serve HTTP look at the file for every request, so a change takes effect at once.
 */
public final class OwnTokens {

  private static final Logger log = LoggerFactory.getLogger(OwnTokens.class);
  private static final String PREFIX = "undercurrent_";
  private static final int RANDOM_BYTES = 32;
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Home home;
  private final Clock clock;

  /** The file as it was last read; it is read again only after a change. */
  private volatile Content content = Content.NONE;

  public OwnTokens(Home home, Clock clock) {
    this.home = home;
    this.clock = clock;
  }

  /**
   * The tokens in the order in which they were made.
   *
   * @throws RefusedException if the file cannot be read, or holds something else as well
   */
  public List<OwnToken> list() {
    var content = content();
    if (content.problem != null) {
      throw new RefusedException(content.problem);
    }
    return content.tokens;
  }

  private Content content() {
    try {
      var version = Version.of(file());
      var known = content;
      if (!version.equals(known.version)) {
        // Read after its version was: a change in between is read next time.
        known = Content.read(file(), version);
        content = known;
      }
      return known;
    } catch (NoSuchFileException e) {
      return Content.NONE;
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Makes a token that may do all that HTTP can.
   *
   * @see #create(String, boolean)
   */
  public String create(String label) {
    return create(label, false);
  }

  /**
   * Makes a token.
   *
   * @param label what its holder is called
   * @param readOnly whether its holder may look only
   * @return the token, which is not shown again
   * @throws RefusedException if the label is taken, or is not allowed
   */
  public String create(String label, boolean readOnly) {
    if (!OwnToken.LABEL.matcher(label).matches()) {
      throw new RefusedException(
          "expected a label of 1 to 100 letters, digits, '_', '-', '.' and '@', got '%s'"
              .formatted(label));
    }
    var random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    var token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    change(
        tokens -> {
          if (tokens.stream().anyMatch(each -> each.label().equals(label))) {
            throw new RefusedException(
                "Token '%s' exists already. Choose another label, or: token revoke %s"
                    .formatted(label, label));
          }
          var more = new ArrayList<>(tokens);
          more.add(new OwnToken(label, sha256(token), now(), readOnly));
          return more;
        });
    return token;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * Makes a token void, from the next request on.
   *
   * @throws RefusedException if no token has that label
   */
  public void revoke(String label) {
    change(
        tokens -> {
          var rest = tokens.stream().filter(token -> !token.label().equals(label)).toList();
          if (rest.size() == tokens.size()) {
            var labels = tokens.stream().map(OwnToken::label).toList();
            var hint = DidYouMean.hint(label, labels);
            throw new RefusedException(
                "Token '%s' does not exist%s List them with: token list"
                    .formatted(label, hint.isEmpty() ? "." : hint));
          }
          return rest;
        });
  }

  /**
   * What is kept of a token that a request shows; empty if we did not make it.
   *
   * @throws RefusedException if the file cannot be read
   */
  public Optional<OwnToken> find(String token) {
    var sha256 = sha256(token);
    Optional<OwnToken> found = Optional.empty();
    for (var each : content().tokens) {
      // Compares with all of them, whether or not one was found.
      if (each.has(sha256)) {
        found = Optional.of(each);
      }
    }
    return found;
  }

  private synchronized void change(UnaryOperator<List<OwnToken>> change) {
    try (var file = lockFile()) {
      // Held until the file is closed.
      file.lock();
      var lines = change.apply(list()).stream().map(OwnToken::line).toList();
      var next = Files.createTempFile(home.directory(), "tokens", ".new", OWNER_ONLY);
      Files.write(next, lines, UTF_8);
      Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private FileChannel lockFile() throws IOException {
    return FileChannel.open(
        home.directory().resolve("tokens.lock"),
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        OWNER_ONLY);
  }

  private Path file() {
    return home.path().resolve("tokens");
  }

  private RefusedException unusable(IOException e) {
    return new RefusedException(
        "The tokens cannot be read or written: expected a file that this user may read and write at %s (%s)"
            .formatted(file(), e),
        e);
  }

  private static String sha256(String token) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What the file holds.
   *
   * @param version of the file
   * @param problem what is wrong with it, or null
   */
  private record Content(
      @Nullable Version version, List<OwnToken> tokens, @Nullable String problem) {

    static final Content NONE = new Content(null, List.of(), null);

    static Content read(Path file, Version version) throws IOException {
      var tokens = new ArrayList<OwnToken>();
      @Nullable String problem = null;
      var lines = Files.readAllLines(file, UTF_8);
      for (var i = 0; i < lines.size(); i++) {
        var token = OwnToken.parse(lines.get(i));
        token.ifPresent(tokens::add);
        if (token.isEmpty() && problem == null) {
          problem = problem(file, i + 1);
          log.warn(problem);
        }
      }
      return new Content(version, List.copyOf(tokens), problem);
    }

    /** Does not quote what was found: it might be a token. */
    private static String problem(Path file, int line) {
      return "%s:%d: expected a label, a SHA-256 and a time, found something else. Remove the line"
          .formatted(file, line);
    }
  }

  /** What identifies a version of the file: each change makes a new one. */
  private record Version(FileTime modified, long size, @Nullable Object key) {

    static Version of(Path file) throws IOException {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }
}
