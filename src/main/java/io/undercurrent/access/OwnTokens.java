package io.undercurrent.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.Home;
import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
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

/**
 * The tokens that Undercurrent gives out itself, in a file under {@code undercurrent.home} that
 * only its owner can read: a line with label, SHA-256 and time for each.
 *
 * <p>A token has 256 random bits, so a plain hash keeps it: there is nothing to guess from.
 * Processes that serve HTTP read the file for every request, so a change holds at once.
 */
public final class OwnTokens {

  private static final String PREFIX = "undercurrent_";
  private static final int RANDOM_BYTES = 32;
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Home home;
  private final Clock clock;

  public OwnTokens(Home home, Clock clock) {
    this.home = home;
    this.clock = clock;
  }

  /** The tokens in the order in which they were made. */
  public List<OwnToken> list() {
    try {
      return Files.exists(file())
          ? Files.readAllLines(file(), UTF_8).stream()
              .flatMap(line -> OwnToken.parse(line).stream())
              .toList()
          : List.of();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Makes a token.
   *
   * @param label what its holder is called
   * @return the token, which cannot be had again
   * @throws RefusedException if there is one of that label, or the label is none
   */
  public String create(String label) {
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
                "There is a token '%s' already. Choose another label, or: token revoke %s"
                    .formatted(label, label));
          }
          var more = new ArrayList<>(tokens);
          more.add(new OwnToken(label, HexFormat.of().formatHex(sha256(token)), now()));
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
   * @throws RefusedException if there is none of that label
   */
  public void revoke(String label) {
    change(
        tokens -> {
          var rest = tokens.stream().filter(token -> !token.label().equals(label)).toList();
          if (rest.size() == tokens.size()) {
            var labels = tokens.stream().map(OwnToken::label).toList();
            var hint = DidYouMean.hint(label, labels);
            throw new RefusedException(
                "There is no token '%s'%s See which there are with: token list"
                    .formatted(label, hint.isEmpty() ? "." : hint));
          }
          return rest;
        });
  }

  /** The label of a token that somebody has shown; empty if it is none of ours. */
  public Optional<String> labelOf(String token) {
    var digest = sha256(token);
    Optional<String> found = Optional.empty();
    for (var each : list()) {
      // Goes through all of them, whether or not one was found.
      if (each.has(digest)) {
        found = Optional.of(each.label());
      }
    }
    return found;
  }

  private synchronized void change(UnaryOperator<List<OwnToken>> change) {
    try (var lock = lockFile();
        var held = lock.lock()) {
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
    return home.directory().resolve("tokens");
  }

  private RefusedException unusable(IOException e) {
    return new RefusedException(
        "The tokens cannot be read or written: expected a file of ours at %s (%s)"
            .formatted(file(), e),
        e);
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
