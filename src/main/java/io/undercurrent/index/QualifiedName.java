package io.undercurrent.index;

import static java.util.stream.Collectors.joining;

import io.undercurrent.sql.Column;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an operator class or a collation, as in the catalogue.
 *
 * @param schema its schema; null for one of the search path
 * @param name its name in there
 */
public record QualifiedName(@Nullable String schema, String name) {

  private static final String WORD = "(\"(?:[^\"]|\"\")+\"|[^\".]+)";
  private static final Pattern WRITTEN = Pattern.compile("(?:" + WORD + "\\.)?" + WORD);

  /**
   * Reads {@code extensions.gin_trgm_ops} or {@code C}. Quotation marks, as in SQL, are needed only
   * where a name contains a dot: capitals are kept without them.
   */
  static Optional<QualifiedName> parse(String written) {
    var matcher = WRITTEN.matcher(written);
    return matcher.matches()
        ? Optional.of(new QualifiedName(unquoted(matcher.group(1)), plain(matcher.group(2))))
        : Optional.empty();
  }

  private static @Nullable String unquoted(@Nullable String word) {
    return word == null ? null : plain(word);
  }

  private static String plain(String word) {
    return word.startsWith("\"")
        ? word.substring(1, word.length() - 1).replace("\"\"", "\"")
        : word;
  }

  /** One name that has a dot in it, as {@code en_US.utf8} has. */
  QualifiedName whole() {
    return new QualifiedName(null, words());
  }

  String words() {
    return schema == null ? name : schema + "." + name;
  }

  String sql() {
    return (schema == null ? List.of(name) : List.of(schema, name))
        .stream().map(Column::quoted).collect(joining("."));
  }
}
