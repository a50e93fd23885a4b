package io.undercurrent.sql;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/**
 * What a statement has to go through as a whole before its first row, by PostgreSQL's plan for it:
 * large tables without an index for what it asks, and large results out of order.
 *
 * @param findings each as what the plan does: {@code sorts about 1,200,000 rows}; empty if it is
 *     not slow
 * @param tables the tables that it reads
 */
public record SlowPlan(List<String> findings, Set<String> tables) {

  /** Fewer rows than that are no matter. */
  public static final long LARGE = 10_000;

  /** As the planner estimates them: by the size of today and the density of the last ANALYZE. */
  private static final String ROWS =
      """
      SELECT CAST(coalesce(sum(
               pg_relation_size(oid)
               * CASE WHEN reltuples > 0 AND relpages > 0
                   THEN CAST(reltuples AS float8) / relpages
                        / CAST(current_setting('block_size') AS int)
                   ELSE 0.01 END), 0) AS bigint)
        FROM pg_class
       WHERE oid = ANY (CAST(CAST(? AS text[]) AS regclass[]))""";

  private static final Map<String, String> TAKES_ALL =
      Map.of("Sort", "sorts", "Hash", "hashes", "Aggregate", "groups");

  /**
   * Plans a statement, without running it.
   *
   * @throws org.springframework.dao.DataAccessException if it cannot be planned
   */
  public static SlowPlan of(JdbcTemplate jdbc, BoundSql statement) {
    var plans = statement.plan(jdbc);
    var nodes = plans.stream().flatMap(StatementPlan::nodes).toList();
    var findings = new ArrayList<String>();
    plans.stream().flatMap(SlowPlan::main).forEach(node -> takesAll(node, findings));
    var scans = nodes.stream().filter(node -> is(node, "Node Type", "Seq Scan")).toList();
    var rows = rows(jdbc, scans);
    if (rows >= LARGE) {
      findings.add(
          "reads all of %s, about %s"
              .formatted(String.join(", ", StatementPlan.roots(jdbc, scans)), words(rows)));
    }
    return new SlowPlan(List.copyOf(findings), StatementPlan.roots(jdbc, nodes));
  }

  /** In words, as what a plan does. */
  public String words() {
    return String.join(" and ", findings);
  }

  /** All nodes but those that are executed for a value. */
  private static Stream<JsonNode> main(JsonNode node) {
    var below =
        node.path("Plans")
            .valueStream()
            .filter(child -> !StatementPlan.text(child, "Parent Relationship").endsWith("Plan"));
    return Stream.concat(Stream.of(node), below.flatMap(SlowPlan::main));
  }

  /** A node that returns nothing before it has all that is below it. */
  private static void takesAll(JsonNode node, List<String> findings) {
    var verb = TAKES_ALL.get(StatementPlan.text(node, "Node Type"));
    if (verb == null || is(node, "Strategy", "Sorted")) {
      return;
    }
    var rows =
        node.path("Plans")
            .valueStream()
            .mapToLong(child -> child.path("Plan Rows").asLong(0))
            .max();
    if (rows.orElse(0) >= LARGE) {
      findings.add(verb + " about " + words(rows.getAsLong()));
    }
  }

  private static boolean is(JsonNode node, String field, String value) {
    return StatementPlan.text(node, field).equals(value);
  }

  private static long rows(JdbcTemplate jdbc, List<JsonNode> scans) {
    var names = scans.stream().map(SlowPlan::relation).distinct().toList();
    return names.isEmpty()
        ? 0
        : BoundSql.of(ROWS, List.of(names)).query(jdbc, (row, number) -> row.getLong(1)).get(0);
  }

  private static String relation(JsonNode scan) {
    return Stream.of("Schema", "Relation Name")
        .map(field -> Column.quoted(StatementPlan.text(scan, field)))
        .collect(joining("."));
  }

  private static String words(long rows) {
    return String.format(Locale.ROOT, "%,d rows", rows);
  }
}
