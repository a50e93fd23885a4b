package io.undercurrent.plan;

import static java.util.stream.Collectors.joining;

import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/**
 * What a statement has to go through as a whole, by PostgreSQL's plan for it: large tables without
 * an index for what it asks, and large results out of order.
 *
 * @param findings each as what the plan does: {@code sorts about 1,200,000 rows}; empty if it is
 *     not slow
 * @param tables the tables that it reads
 */
public record SlowPlan(List<String> findings, Set<String> tables) {

  /** Fewer rows than that are no matter. */
  public static final int LARGE = 10_000;

  /** As the planner estimates them: by the size of today and the density of the last ANALYZE. */
  private static final String ROWS =
      """
      SELECT CAST(pg_relation_size(oid)
                  * CASE WHEN reltuples > 0 AND relpages > 0
                      THEN CAST(reltuples AS float8) / relpages
                           / CAST(current_setting('block_size') AS int)
                      ELSE CAST(CAST(? AS text) AS float8) END AS bigint)
        FROM unnest(CAST(? AS text[])) WITH ORDINALITY AS scanned (relation, number)
        JOIN pg_class ON oid = CAST(relation AS regclass)
       ORDER BY number""";

  /** How many rows there are in a byte of a table without statistics. */
  private static final String GUESS = "0.01";

  private static final String NONE = "0";

  private static final Map<String, String> TAKES_ALL =
      Map.of("Sort", "sorts", "Hash", "hashes", "Aggregate", "groups");

  /**
   * Plans a statement, without running it. Of tables without statistics the rows are guessed.
   *
   * @throws org.springframework.dao.DataAccessException if it cannot be planned
   */
  public static SlowPlan of(JdbcTemplate jdbc, BoundSql statement) {
    var plans = statement.plan(jdbc);
    return of(jdbc, plans, LargeScans.of(plans, false), GUESS, 0);
  }

  /**
   * The same for a statement that is executed for each chunk: nothing is found where no table is
   * known to be large by its statistics. What is NULL in it is taken for any value.
   *
   * @throws org.springframework.dao.DataAccessException if it cannot be planned
   */
  public static SlowPlan ofChunk(JdbcTemplate jdbc, BoundSql statement) {
    var plans = statement.withUnknowns().explain(jdbc);
    return of(jdbc, plans, LargeScans.of(plans, false), NONE, LARGE);
  }

  /**
   * The same for a page that is not the first: what begins anew, to leave out the rows before the
   * page, reads all of them in the course of the run.
   *
   * @throws org.springframework.dao.DataAccessException if it cannot be planned
   */
  public static SlowPlan ofLaterPage(JdbcTemplate jdbc, BoundSql statement) {
    var plans = statement.withUnknowns().explain(jdbc);
    return of(jdbc, plans, LargeScans.of(plans, true), NONE, LARGE);
  }

  private static SlowPlan of(
      JdbcTemplate jdbc, List<JsonNode> plans, LargeScans scans, String density, int atLeast) {
    var findings = new ArrayList<String>();
    plans.stream().flatMap(SlowPlan::main).forEach(node -> takesAll(node, findings));
    var rows = scans.rows(rows(jdbc, scans.nodes(), density));
    if (rows >= LARGE) {
      var tables = new TreeSet<>(StatementPlan.roots(jdbc, scans.nodes()));
      findings.add("reads all of %s, about %s".formatted(String.join(", ", tables), words(rows)));
    }
    var nodes = plans.stream().flatMap(StatementPlan::nodes).toList();
    return new SlowPlan(
        rows < atLeast ? List.of() : List.copyOf(findings), StatementPlan.roots(jdbc, nodes));
  }

  private static List<Long> rows(JdbcTemplate jdbc, List<JsonNode> scans, String density) {
    return scans.isEmpty()
        ? List.of()
        : BoundSql.of(ROWS, List.of(density, scans.stream().map(SlowPlan::relation).toList()))
            .query(jdbc, (row, number) -> row.getLong(1));
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

  private static String relation(JsonNode scan) {
    return Stream.of("Schema", "Relation Name")
        .map(field -> Column.quoted(StatementPlan.text(scan, field)))
        .collect(joining("."));
  }

  private static String words(long rows) {
    return String.format(Locale.ROOT, "%,d rows", rows);
  }
}
