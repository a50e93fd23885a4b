package io.undercurrent.run;

import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.Words;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What one part of an ALTER TABLE keeps the application from, and how it goes without.
 *
 * @param tables what the catalogue knows
 * @param table the table, as written in SQL
 * @param validated whether an earlier statement may have validated a constraint of it
 */
record TableChange(TableFacts tables, String table, boolean validated) {

  private static final Set<String> SERIAL =
      Set.of("SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL2", "SERIAL4", "SERIAL8");

  /** What may follow the type of a column, or its default. */
  private static final Set<String> CONSTRAINTS =
      Set.of(
          "CONSTRAINT",
          "NOT",
          "NULL",
          "CHECK",
          "DEFAULT",
          "GENERATED",
          "UNIQUE",
          "PRIMARY",
          "REFERENCES",
          "COLLATE",
          "DEFERRABLE",
          "INITIALLY");

  /** A sentence, or nothing if it is done in a moment. */
  Optional<String> sentence(Words change) {
    if (change.accept("ALTER")) {
      change.accept("COLUMN");
      return alterColumn(change.name(), change);
    }
    if (change.accept("ADD")) {
      var named = change.accept("CONSTRAINT");
      if (named) {
        change.name();
      }
      return addConstraint(change).or(() -> named ? Optional.empty() : addColumn(change));
    }
    return change.accept("SET") ? copy(change) : Optional.empty();
  }

  private Optional<String> alterColumn(String column, Words change) {
    if (change.accept("SET", "NOT", "NULL")) {
      return setNotNull(column);
    }
    if (!change.accept("SET", "DATA", "TYPE") && !change.accept("TYPE")) {
      return Optional.empty();
    }
    var type = change.before(Set.of("COLLATE", "USING"));
    return change.atEnd() && tables.storesAlike(table, SetColumns.name(column), type)
        ? Optional.empty()
        : rewrites(
            "ALTER COLUMN " + column + " TYPE",
            "Convert it with 'convert-column:', which does so in chunks");
  }

  private Optional<String> setNotNull(String column) {
    return validated || tables.isKnownNotNull(table, SetColumns.name(column))
        ? Optional.empty()
        : scans("SET NOT NULL of " + column, "Use 'not-null:', which has a CHECK validated before");
  }

  private Optional<String> addConstraint(Words change) {
    var later = change.has("NOT", "VALID");
    if (change.accept("NOT", "NULL")) {
      return later ? Optional.empty() : setNotNull(change.name());
    }
    if (change.accept("CHECK")) {
      return later ? Optional.empty() : scans("ADD CHECK", VALIDATE);
    }
    if (change.accept("FOREIGN", "KEY")) {
      return later ? Optional.empty() : references("ADD FOREIGN KEY");
    }
    if (change.accept("UNIQUE") || change.accept("PRIMARY", "KEY")) {
      return change.has("USING", "INDEX") ? Optional.empty() : builds();
    }
    return change.accept("EXCLUDE", "USING") || change.accept("EXCLUDE", "(")
        ? Optional.of(
            "ADD EXCLUDE keeps the application from %s while its index is built".formatted(table))
        : Optional.empty();
  }

  private static final String VALIDATE =
      "Use 'validate-constraint:', which adds it NOT VALID and validates it beside the application";

  private Optional<String> addColumn(Words change) {
    change.accept("COLUMN");
    var ifMissing = change.accept("IF", "NOT", "EXISTS");
    var column = change.name();
    var type = change.before(CONSTRAINTS);
    if (type.isEmpty() || ifMissing && tables.hasColumn(table, SetColumns.name(column))) {
      return Optional.empty();
    }
    var what = "ADD COLUMN " + column;
    if (SERIAL.contains(type.toUpperCase(Locale.ROOT))
        || isComputed(change.rest())
        || hasVolatileDefault(change.rest())) {
      return rewrites(
          what + " with a value that differs from row to row",
          "Add it without, have new rows get it by SET DEFAULT or a trigger, and fill the others with 'update:'");
    }
    if (change.has("CHECK")) {
      return scans(what + " with a CHECK", "Add the CHECK with 'validate-constraint:'");
    }
    if (change.has("UNIQUE") || change.has("PRIMARY", "KEY")) {
      return builds();
    }
    return change.has("REFERENCES") && change.has("DEFAULT")
        ? references(what + " with REFERENCES and a default")
        : Optional.empty();
  }

  /** An identity, or an expression that is stored. */
  private static boolean isComputed(Words column) {
    if (!column.skipTo("GENERATED")) {
      return false;
    }
    if (!column.accept("ALWAYS", "AS")) {
      return column.accept("BY", "DEFAULT", "AS", "IDENTITY");
    }
    return column.accept("IDENTITY")
        || !column.parenthesized().isEmpty() && column.accept("STORED");
  }

  private boolean hasVolatileDefault(Words column) {
    return column.skipTo("DEFAULT") && tables.isVolatile(column.before(CONSTRAINTS));
  }

  private Optional<String> copy(Words change) {
    var what = change.peek();
    return Set.of("LOGGED", "UNLOGGED", "TABLESPACE", "ACCESS").contains(what)
        ? rewrites("SET " + what, "Do it in a quiet hour")
        : Optional.empty();
  }

  private Optional<String> rewrites(String what, String cure) {
    return Optional.of(
        "%s keeps the application from %s until all of it is written anew. %s"
            .formatted(what, table, cure));
  }

  private Optional<String> scans(String what, String cure) {
    return Optional.of(
        "%s keeps the application from %s until all rows are checked. %s"
            .formatted(what, table, cure));
  }

  private Optional<String> references(String what) {
    return Optional.of(
        "%s has who writes to %s, or to the table that it refers to, wait until all rows are checked. %s"
            .formatted(what, table, VALIDATE));
  }

  private Optional<String> builds() {
    return Optional.of(
        "a unique constraint keeps the application from %s until its index is built. Build it with 'create-index: {unique: true}', then: ADD CONSTRAINT ... USING INDEX"
            .formatted(table));
  }
}
