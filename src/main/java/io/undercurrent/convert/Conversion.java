package io.undercurrent.convert;

import io.undercurrent.convert.Counterpart.OfConstraint;
import io.undercurrent.convert.Counterpart.OfIndex;
import io.undercurrent.convert.Dependant.What;
import io.undercurrent.failure.HopelessException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a conversion comes to on a database.
 *
 * @param work what the job file says
 * @param column the column as it is
 * @param counterparts what has to be made for the new one
 */
record Conversion(ConvertColumn work, OldColumn column, List<Counterpart> counterparts) {

  private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

  /**
   * Finds it out.
   *
   * @throws HopelessException if the column cannot be converted
   */
  static Conversion of(JdbcTemplate jdbc, ConvertColumn work) {
    var column = OldColumn.of(jdbc, work);
    var problems = problems(jdbc, work, column);
    if (!problems.isEmpty()) {
      throw new HopelessException(String.join(". ", problems));
    }
    return new Conversion(work, column, new Rehearsal(jdbc, work, column).run());
  }

  /** Why a column cannot be converted, one sentence for each reason. */
  static List<String> problems(JdbcTemplate jdbc, ConvertColumn work, OldColumn column) {
    var problems = new ArrayList<>(column.problems());
    if (column.marker() != null && !column.marker().startsWith(SyncTrigger.MARK)) {
      problems.add(
          "expected the name %s to be free, found a column of that name"
              .formatted(Names.column(work.column())));
    }
    if (is(jdbc, work, "d")) {
      problems.add(
          "expected a type, found the domain %s, for which the table would be rewritten. Name the type that it is made of"
              .formatted(work.to()));
    }
    if (column.dependants().stream().anyMatch(each -> each.is(What.IDENTITY))
        && !INTEGERS.contains(typeName(jdbc, work))) {
      problems.add(
          "expected an identity column to be smallint, integer or bigint, found %s"
              .formatted(work.to()));
    }
    return problems.stream()
        .map(
            problem ->
                "column '%s' of table %s: %s".formatted(work.column(), work.table(), problem))
        .toList();
  }

  /** The type that is asked for, without a length. */
  static String typeName(JdbcTemplate jdbc, ConvertColumn work) {
    return String.valueOf(
        jdbc.queryForObject(
            "SELECT CAST(CAST(CAST(? AS text) AS regtype) AS text)", String.class, work.to()));
  }

  /** Whether the type that is asked for is of a sort, as {@code pg_type.typtype}. */
  static boolean is(JdbcTemplate jdbc, ConvertColumn work, String sort) {
    return jdbc.queryForList(
            "SELECT typtype = ? FROM pg_type WHERE oid = CAST(CAST(? AS text) AS regtype)",
            Boolean.class,
            sort,
            work.to())
        .contains(true);
  }

  /** Whether the column has the type that is asked for, and no conversion is under way. */
  static boolean isOver(JdbcTemplate jdbc, ConvertColumn work) {
    return OldColumn.of(jdbc, work).marker() == null && isConverted(jdbc, work);
  }

  /** Whether the column has the type that is asked for. */
  private static boolean isConverted(JdbcTemplate jdbc, ConvertColumn work) {
    return Rehearsal.rolledBack(
        jdbc,
        () -> {
          // Only a column shows what lengths and the like a type has.
          jdbc.execute("CREATE TEMPORARY TABLE undercurrent_typed (value %s)".formatted(work.to()));
          return jdbc.queryForList(
                  """
                  SELECT (typed.atttypid, typed.atttypmod) = (own.atttypid, own.atttypmod)
                    FROM pg_attribute AS typed, pg_attribute AS own
                   WHERE typed.attrelid = CAST('pg_temp.undercurrent_typed' AS regclass)
                     AND typed.attname = 'value'
                     AND own.attrelid = CAST(CAST(? AS text) AS regclass)
                     AND own.attname = ?""",
                  Boolean.class,
                  work.table(),
                  work.column())
              .contains(true);
        });
  }

  /**
   * Requires that there is something to do with an expression.
   *
   * @throws HopelessException if the column has its type already, with which nothing would be done
   */
  static boolean requireUse(ConvertColumn work) {
    if (work.using() != null) {
      throw new HopelessException(
          "expected another type than the one of column '%s' of table %s, found that it is %s already: 'using' would not be applied. Change the values with: update: {table: %2$s, set: {...}}"
              .formatted(work.column(), work.table(), work.to()));
    }
    return true;
  }

  /**
   * Requires the new column of this very conversion.
   *
   * @throws HopelessException if there is none
   */
  void requireBegun() {
    var wanted = SyncTrigger.mark(work);
    if (!Objects.equals(column.marker(), wanted)) {
      throw new HopelessException(
          "expected a column %s with the comment '%s', found %s. Begin a new run with: cancel and start"
              .formatted(
                  Names.column(work.column()),
                  wanted,
                  column.marker() == null ? "none" : "'" + column.marker() + "'"));
    }
  }

  List<OfIndex> indexes() {
    return only(OfIndex.class).toList();
  }

  List<OfConstraint> checks() {
    return only(OfConstraint.class).filter(each -> !each.isForeignKey()).toList();
  }

  List<OfConstraint> foreignKeys() {
    return only(OfConstraint.class).filter(OfConstraint::isForeignKey).toList();
  }

  private <T> Stream<T> only(Class<T> type) {
    return counterparts.stream().filter(type::isInstance).map(type::cast);
  }

  /** The tables that the swap changes, as SQL: the column's own first. */
  List<String> tables() {
    var tables = new LinkedHashSet<>(List.of(column.qualifiedTable()));
    foreignKeys().forEach(key -> tables.addAll(key.tables()));
    return List.copyOf(tables);
  }

  /** That both columns have the same value. */
  String equality() {
    return "CHECK (%s IS NOT DISTINCT FROM CAST(%s AS %s))"
        .formatted(
            column.quotedNew(), work.using() == null ? column.quoted() : work.value(""), work.to());
  }

  /**
   * What is missing before the new column can take the old one's place. That all values are equal
   * is known by the constraint, which PostgreSQL has found to hold for all rows, and enforces.
   */
  List<String> missing(JdbcTemplate jdbc) {
    var missing = new ArrayList<String>();
    if (Constraint.find(jdbc, column.qualifiedTable(), Names.equality(column.name()))
        .filter(Constraint::validated)
        .isEmpty()) {
      missing.add("constraint " + Names.equality(column.name()));
    }
    if (column.notNull() && !isNotNull(jdbc)) {
      missing.add("NOT NULL");
    }
    counterparts.stream()
        .filter(each -> !each.isReady(jdbc, column))
        .map(Counterpart::name)
        .forEach(missing::add);
    return missing;
  }

  /** Whether the new column is declared NOT NULL. */
  boolean isNotNull(JdbcTemplate jdbc) {
    return jdbc.queryForList(
            "SELECT attnotnull FROM pg_attribute WHERE attrelid = ? AND attname = ?",
            Boolean.class,
            column.table(),
            Names.column(column.name()))
        .contains(true);
  }
}
