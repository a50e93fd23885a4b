package io.undercurrent.constraint;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.sql.Column;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows of a table that a constraint refuses.
 *
 * @param condition SQL that holds for them alone
 */
record Violations(String condition) {

  private static final String REFERENCED = "undercurrent_referenced";

  /** The pairs of columns of a foreign key, with the comparison that it makes itself. */
  private static final String PAIRS =
      """
      SELECT child.attname, confmatchtype,
             format('%s OPERATOR(%I.%s) %s',
                    CASE WHEN parent.atttypid = oprleft OR left_type.typtype = 'p'
                         THEN referenced.name
                         ELSE format('CAST(%s AS %I.%I)',
                                     referenced.name, left_home.nspname, left_type.typname)
                    END
                    || CASE WHEN parent.attcollation IN (0, child.attcollation) THEN ''
                            ELSE format(' COLLATE %I.%I', collated_home.nspname, collname) END,
                    home.nspname, oprname,
                    CASE WHEN child.atttypid = oprright OR right_type.typtype = 'p'
                         THEN referring.name
                         ELSE format('CAST(%s AS %I.%I)',
                                     referring.name, right_home.nspname, right_type.typname)
                    END) AS equality
        FROM pg_constraint
        CROSS JOIN LATERAL unnest(conkey, confkey, conpfeqop)
                           WITH ORDINALITY AS part (own, other, operator, position)
        JOIN pg_attribute child ON child.attrelid = conrelid AND child.attnum = own
        JOIN pg_attribute parent ON parent.attrelid = confrelid AND parent.attnum = other
        JOIN pg_operator ON pg_operator.oid = operator
        JOIN pg_namespace home ON home.oid = oprnamespace
        JOIN pg_type left_type ON left_type.oid = oprleft
        JOIN pg_namespace left_home ON left_home.oid = left_type.typnamespace
        JOIN pg_type right_type ON right_type.oid = oprright
        JOIN pg_namespace right_home ON right_home.oid = right_type.typnamespace
        LEFT JOIN pg_collation ON pg_collation.oid = parent.attcollation
        LEFT JOIN pg_namespace collated_home ON collated_home.oid = collnamespace
        CROSS JOIN LATERAL format('%I.%I', CAST(? AS text), parent.attname) AS referenced (name)
        CROSS JOIN LATERAL format('%I.%I', CAST(? AS text), child.attname) AS referring (name)
       WHERE pg_constraint.oid = ?
       ORDER BY position""";

  /**
   * Those of a constraint, also of a rehearsed one.
   *
   * @param table its table, whose name qualifies the columns
   * @return empty if they cannot be told by a condition
   */
  static Optional<Violations> of(JdbcTemplate jdbc, Constraint constraint, ConstrainedTable table) {
    if (constraint.isCheck()) {
      var condition = check(jdbc, constraint);
      return Optional.of(
          new Violations(
              constraint.definition().endsWith(" NO INHERIT")
                  ? own(jdbc, table, condition)
                  : condition));
    }
    return constraint.isForeignKey() && !constraint.ofPeriods()
        ? Optional.of(new Violations(own(jdbc, table, foreignKey(jdbc, constraint, table))))
        : Optional.empty();
  }

  /** Without the rows of inheritance children, which such a constraint is not about. */
  private static String own(JdbcTemplate jdbc, ConstrainedTable table, String condition) {
    var inherited =
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT FROM pg_inherits WHERE inhparent = ?)",
            Boolean.class,
            table.oid());
    return Boolean.TRUE.equals(inherited) && !table.partitioned()
        ? "%s.tableoid = %d AND (%s)".formatted(Column.quoted(table.name()), table.oid(), condition)
        : condition;
  }

  /** Rows with NULL in one of some columns. */
  static Violations ofNotNull(List<String> columns) {
    return new Violations(
        columns.stream()
            .map(column -> Column.quoted(column) + " IS NOT DISTINCT FROM NULL")
            .collect(joining(" OR ")));
  }

  /** NULL satisfies a check. */
  private static String check(JdbcTemplate jdbc, Constraint constraint) {
    return "(%s) IS FALSE"
        .formatted(
            jdbc.queryForObject(
                "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE oid = ?",
                String.class,
                constraint.oid()));
  }

  /** As the foreign key itself looks: children of a referenced table do not count, NULL may do. */
  private static String foreignKey(
      JdbcTemplate jdbc, Constraint constraint, ConstrainedTable table) {
    var pairs =
        jdbc.query(
            PAIRS,
            (row, number) ->
                new Pair(
                    Column.quoted(table.name()) + "." + Column.quoted(row.getString("attname")),
                    row.getString("equality"),
                    row.getString("confmatchtype").equals("f")),
            REFERENCED,
            table.name(),
            constraint.oid());
    var missing =
        "NOT EXISTS (SELECT FROM %s AS %s WHERE %s)"
            .formatted(
                referenced(jdbc, constraint), REFERENCED, all(pairs, Pair::equality, " AND "));
    var present = all(pairs, pair -> pair.column + " IS NOT NULL", " AND ");
    var orphans = present + " AND " + missing;
    return pairs.size() > 1 && pairs.get(0).matchesFully
        ? "num_nulls(%1$s) BETWEEN 1 AND %2$d OR %3$s"
            .formatted(all(pairs, Pair::column, ", "), pairs.size() - 1, orphans)
        : orphans;
  }

  private static String all(List<Pair> pairs, Function<Pair, String> form, String between) {
    return pairs.stream().map(form).collect(joining(between));
  }

  private static String referenced(JdbcTemplate jdbc, Constraint constraint) {
    return requireNonNull(
        jdbc.queryForObject(
            """
        SELECT CASE WHEN relkind = 'p' THEN '' ELSE 'ONLY ' END || format('%I.%I', nspname, relname)
          FROM pg_class
          JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE pg_class.oid = ?""",
            String.class, constraint.references()));
  }

  /**
   * A column that refers.
   *
   * @param column the column
   * @param equality that it equals what it refers to
   * @param matchesFully whether all columns of the key have to be NULL if one is
   */
  private record Pair(String column, String equality, boolean matchesFully) {}
}
