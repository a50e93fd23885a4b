package io.undercurrent.kind;

import io.undercurrent.sql.CanonicalSql;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a definition says.
 *
 * @param form what the text is
 * @param fixed whether no run that has begun goes on with another one
 */
public record DefinitionPart(Form form, String text, boolean fixed) {

  public enum Form {
    TEXT,
    SQL,
    /** Of what may be a secret: a value. */
    HASH
  }

  /** Parts that name beans, of which a run may go on with another. */
  private static final Set<String> WITH_BEANS = Set.of("process", "write");

  /**
   * What is not SQL.
   *
   * @param name the part's
   */
  static DefinitionPart text(String name, String text) {
    return new DefinitionPart(Form.TEXT, text, !WITH_BEANS.contains(name.split("\\.")[0]));
  }

  /** Whether both say the same, as the server sees it. */
  boolean means(@Nullable DefinitionPart other) {
    return other != null
        && form == other.form
        && (text.equals(other.text)
            || form == Form.SQL && CanonicalSql.of(text).equals(CanonicalSql.of(other.text)));
  }

  /** For people, on one line. */
  String words() {
    return form == Form.HASH ? "a value" : text.replaceAll("\\s+", " ").strip();
  }
}
