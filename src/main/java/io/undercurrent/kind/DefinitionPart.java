package io.undercurrent.kind;

import io.undercurrent.sql.CanonicalSql;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a definition says.
 *
 * @param form what the text is
 */
public record DefinitionPart(Form form, String text) {

  public enum Form {
    TEXT,
    SQL,
    /** Of what may be a secret: a value. */
    HASH
  }

  static DefinitionPart text(String text) {
    return new DefinitionPart(Form.TEXT, text);
  }

  static DefinitionPart sql(String text) {
    return new DefinitionPart(Form.SQL, text);
  }

  static DefinitionPart hash(String text) {
    return new DefinitionPart(Form.HASH, text);
  }

  /** Whether both are SQL that is the same to the server. */
  boolean means(@Nullable DefinitionPart other) {
    return other != null
        && form == Form.SQL
        && other.form == Form.SQL
        && CanonicalSql.of(text).equals(CanonicalSql.of(other.text));
  }

  /** For people, on one line. */
  String words() {
    return form == Form.HASH ? "a value" : text.replaceAll("\\s+", " ").strip();
  }
}
