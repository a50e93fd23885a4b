package io.undercurrent.advice;

import static java.util.stream.Collectors.joining;

import io.undercurrent.plan.StatementPlan;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Triggers that fire for each row that a statement changes. Those by which PostgreSQL enforces
 * foreign keys do not count, nor do those that are disabled.
 */
record RowTriggers(JdbcTemplate jdbc) {

  private static final int INSERT = 4;
  private static final int DELETE = 8;
  private static final int UPDATE = 16;

  private static final String FIRING =
      """
      WITH RECURSIVE tree AS (
        SELECT CAST(to_regclass(?) AS oid) AS relation
        UNION
        SELECT inhrelid
          FROM tree
          JOIN pg_inherits ON inhparent = relation
      )
      SELECT DISTINCT tgname, CAST(CAST(tgfoid AS regproc) AS text) AS called
        FROM pg_trigger
        JOIN tree ON relation = tgrelid
       WHERE NOT tgisinternal
         AND tgparentid = 0
         AND tgenabled IN ('O', 'A')
         AND tgtype & 1 <> 0
         AND tgtype & CAST(? AS int) <> 0
         AND (tgtype & CAST(? AS int) & 12 <> 0
              OR cardinality(CAST(tgattr AS int2[])) = 0
              OR EXISTS (
                SELECT
                  FROM pg_attribute
                 WHERE attrelid = tgrelid
                   AND attnum = ANY (tgattr)
                   AND attname = ANY (CAST(? AS text[]))))
       ORDER BY tgname, called""";

  List<String> warnings(SqlTemplate statement, StatementPlan plan) {
    var merges = statement.contains("MERGE");
    return plan.changed().stream()
        .sorted()
        .flatMap(
            table -> {
              var events =
                  (plan.inserted().contains(table) ? INSERT : 0)
                      | (plan.updated().contains(table) ? UPDATE : 0)
                      | (merges || plan.deleted().contains(table) ? DELETE : 0);
              return warning(table, events, SetColumns.of(statement));
            })
        .toList();
  }

  private Stream<String> warning(String table, int events, List<SetColumns> sets) {
    var columns = sets.stream().flatMap(set -> set.columns().stream()).distinct().toList();
    var triggers =
        BoundSql.of(FIRING, List.of(table, events, events, columns))
            .query(jdbc, (row, number) -> new Trigger(row.getString(1), row.getString(2)));
    return triggers.isEmpty()
        ? Stream.of()
        : Stream.of(
            "each row changed in %s fires %s. Leave these rows out with a WHEN clause if it need not see them"
                .formatted(table, words(triggers)));
  }

  private static String words(List<Trigger> triggers) {
    return triggers.stream()
        .map(trigger -> "trigger %s, which calls %s()".formatted(trigger.name, trigger.called))
        .collect(joining("; "));
  }

  private record Trigger(String name, String called) {}
}
