package io.undercurrent.database;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Encoding;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Text of Undercurrent's own as a database can keep it: characters that its encoding lacks, and
 * U+0000, which PostgreSQL never keeps, become a visible replacement.
 */
public final class StorableText {

  private static final Set<String> NOT_CONVERTED = Set.of("UTF8", "SQL_ASCII");

  private final JdbcClient jdbc;

  /**
   * Text for one database.
   *
   * @param jdbc reads the encoding, if a text is not plain ASCII
   */
  public StorableText(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The text with what cannot be kept replaced; null for null. */
  public @Nullable String orNull(@Nullable String text) {
    return text == null ? null : of(text);
  }

  /** The text with what cannot be kept replaced. */
  public String of(String text) {
    return text.chars().allMatch(c -> c > 0 && c < 0x80) ? text : replaced(text, charset());
  }

  private Charset charset() {
    return charset(jdbc.sql("SHOW server_encoding").query(String.class).single());
  }

  private static Charset charset(String encoding) {
    if (NOT_CONVERTED.contains(encoding)) {
      return StandardCharsets.UTF_8;
    }
    // The driver takes an encoding that it does not know for UTF-8.
    var known = Encoding.getDatabaseEncoding(encoding).name();
    var name = known.equals("UTF-8") ? encoding.replace("WIN", "windows-") : known;
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
  }

  private static String replaced(String text, Charset charset) {
    var encoder = charset.newEncoder();
    var replacement = encoder.canEncode('\uFFFD') ? "\uFFFD" : "?";
    return text.codePoints()
        .mapToObj(Character::toString)
        .map(c -> c.equals("\0") || !encoder.canEncode(c) ? replacement : c)
        .collect(Collectors.joining());
  }
}
