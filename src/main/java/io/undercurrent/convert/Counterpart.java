package io.undercurrent.convert;

import io.undercurrent.sql.Column;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** What does for the new column what an index or a constraint does for the old one. */
sealed interface Counterpart {

  /** What it takes the place of. */
  String old();

  default String name() {
    return Names.counterpart(old());
  }

  /** Whether it is there, and valid for all rows. */
  boolean isReady(JdbcTemplate jdbc, OldColumn column);

  /** Statements that give it its place, once the old column is gone. */
  List<String> takePlace(OldColumn column);

  /**
   * An index, or what is made of one.
   *
   * @param tail its definition, from the access method on
   * @param tablespace where it is, or null for the database's default
   * @param constraint {@code PRIMARY KEY} or {@code UNIQUE}, or null for a mere index
   * @param afterwards statements about it under its old name
   */
  record OfIndex(
      String old,
      boolean unique,
      String tail,
      @Nullable String tablespace,
      @Nullable String constraint,
      List<String> afterwards)
      implements Counterpart {

    String create(OldColumn column) {
      return "CREATE %sINDEX CONCURRENTLY %s ON %s USING %s"
          .formatted(unique ? "UNIQUE " : "", Column.quoted(name()), column.qualifiedTable(), tail);
    }

    @Override
    public boolean isReady(JdbcTemplate jdbc, OldColumn column) {
      return jdbc.queryForList(
              "SELECT "
                  + Rehearsal.TAIL
                  + """
                   FROM pg_index
                  WHERE indexrelid = to_regclass(?)
                    AND indrelid = ?
                    AND indisvalid
                    AND indisready""",
              String.class,
              column.qualified(name()),
              column.table())
          .contains(tail);
    }

    @Override
    public List<String> takePlace(OldColumn column) {
      var statements = new ArrayList<String>();
      statements.add(
          constraint == null
              ? "ALTER INDEX %s RENAME TO %s"
                  .formatted(column.qualified(name()), Column.quoted(old))
              : column.alterTable(
                  "ADD CONSTRAINT %s %s USING INDEX %s"
                      .formatted(Column.quoted(old), constraint, Column.quoted(name()))));
      statements.addAll(afterwards);
      return statements;
    }
  }

  /**
   * A CHECK constraint, or a foreign key.
   *
   * @param table the table that has it, as SQL
   * @param other the other table that it locks, or null if there is none, or it is not the role's
   * @param definition what it says
   * @param validated whether it has been found to hold for all rows
   * @param afterwards statements about it under its old name
   */
  record OfConstraint(
      String old,
      String table,
      @Nullable String other,
      String definition,
      boolean validated,
      List<String> afterwards)
      implements Counterpart {

    /** The tables that a change of it locks, as SQL. */
    List<String> tables() {
      return other == null ? List.of(table) : List.of(table, other);
    }

    boolean isForeignKey() {
      return definition.startsWith("FOREIGN KEY");
    }

    String add() {
      return "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID"
          .formatted(table, Column.quoted(name()), definition);
    }

    @Override
    public boolean isReady(JdbcTemplate jdbc, OldColumn column) {
      return Constraint.find(jdbc, table, name())
          .filter(found -> found.validated() == validated && found.definition().equals(definition))
          .isPresent();
    }

    @Override
    public List<String> takePlace(OldColumn column) {
      var statements = new ArrayList<String>();
      statements.add(
          "ALTER TABLE %s RENAME CONSTRAINT %s TO %s"
              .formatted(table, Column.quoted(name()), Column.quoted(old)));
      statements.addAll(afterwards);
      return statements;
    }
  }
}
