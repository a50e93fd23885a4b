package io.undercurrent.constraint;

import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The definition of a constraint that an update adds.
 *
 * @param text as in ALTER TABLE, after the constraint's name
 * @param tokens its words and signs
 */
record AddedConstraint(String text, List<String> tokens) {

  private static final String REFERENCES = "REFERENCES";

  /**
   * Reads a definition.
   *
   * @param values what the job binds to names, which a constraint cannot use
   */
  static AddedConstraint of(Sql add, Map<String, Object> values) {
    var template = SqlTemplate.parse(add.text(), values);
    if (!template.parameters().isEmpty()) {
      throw new HopelessException(
          "expected no ':%s' in the definition of a constraint, which cannot depend on values. Write the value itself"
              .formatted(template.parameters().get(0)));
    }
    return new AddedConstraint(add.text().replaceFirst(";\\s*$", ""), template.tokens());
  }

  /** What it begins with, in capitals. */
  String keyword() {
    return tokens.isEmpty() ? "" : word(0);
  }

  boolean isForeignKey() {
    return keyword().equals("FOREIGN");
  }

  boolean has(String first, String second) {
    for (int i = 1; i < tokens.size(); i++) {
      if (word(i - 1).equals(first) && word(i).equals(second)) {
        return true;
      }
    }
    return false;
  }

  private String word(int i) {
    return tokens.get(i).toUpperCase(Locale.ROOT);
  }

  /** The table that a foreign key references, as written. */
  String referenced() {
    return String.join("", tokens.subList(beginOfReferenced(), endOfReferenced()));
  }

  /** The same foreign key, but to another table. */
  String referencing(String other) {
    return "%s %s %s"
        .formatted(
            String.join(" ", tokens.subList(0, beginOfReferenced())),
            other,
            String.join(" ", tokens.subList(endOfReferenced(), tokens.size())));
  }

  private int beginOfReferenced() {
    for (int i = 0; i < tokens.size() - 1; i++) {
      if (word(i).equals(REFERENCES)) {
        return i + 1;
      }
    }
    throw new HopelessException(
        "expected 'FOREIGN KEY (column) REFERENCES table', found no REFERENCES");
  }

  private int endOfReferenced() {
    var end = beginOfReferenced() + 1;
    while (end + 1 < tokens.size() && tokens.get(end).equals(".")) {
      end += 2;
    }
    return end;
  }

  /** The action of ALTER TABLE that adds it without a look at the rows. */
  String action(String name) {
    return action(name, text);
  }

  static String action(String name, String definition) {
    // The line break ends a comment.
    return "ADD CONSTRAINT %s %s\nNOT VALID".formatted(Column.quoted(name), definition);
  }
}
