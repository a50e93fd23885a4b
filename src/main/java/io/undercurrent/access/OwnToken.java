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
 */
public record OwnToken(String label, String sha256, Instant createdAt) {

  static final Pattern LABEL = Pattern.compile("[\\w.@-]{1,100}");

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /** Reads a line of the file; empty if it holds no token. */
  static Optional<OwnToken> parse(String line) {
    var words = line.strip().split(" ");
    if (words.length != 3
        || !LABEL.matcher(words[0]).matches()
        || !SHA_256.matcher(words[1]).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new OwnToken(words[0], words[1], Instant.parse(words[2])));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  String line() {
    return "%s %s %s".formatted(label, sha256, createdAt);
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
