package io.undercurrent.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token as it is kept; the token itself cannot be recovered from it.
 *
 * @param label what its holder is called where actions are recorded
 * @param sha256 the token's SHA-256 in hexadecimal digits
 * @param createdAt when it was made
 * @param readOnly whether it lets its holder look only, at the page for browsers
 */
public record OwnToken(String label, String sha256, Instant createdAt, boolean readOnly) {

  static final Pattern LABEL = Pattern.compile("[\\w.@-]{1,100}");

  /** A fourth word: a version that does not know it lets nobody in with such a token. */
  private static final String READ_ONLY = "read-only";

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /** Reads a line of the file; empty if it holds no token. */
  static Optional<OwnToken> parse(String line) {
    var words = line.strip().split(" ");
    var readOnly = words.length == 4 && words[3].equals(READ_ONLY);
    if (!(words.length == 3 || readOnly)
        || !LABEL.matcher(words[0]).matches()
        || !SHA_256.matcher(words[1]).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new OwnToken(words[0], words[1], Instant.parse(words[2]), readOnly));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  String line() {
    var line = "%s %s %s".formatted(label, sha256, createdAt);
    return readOnly ? line + " " + READ_ONLY : line;
  }

  /** Compares in a time that does not depend on where the two differ. */
  boolean has(String otherSha256) {
    return MessageDigest.isEqual(sha256.getBytes(US_ASCII), otherSha256.getBytes(US_ASCII));
  }

  /** The hash is no secret, but does not belong in a log either. */
  @Override
  public String toString() {
    return label;
  }
}
