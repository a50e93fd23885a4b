package io.undercurrent.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/**
 * What a statement reads of large tables without an index that leads to the rows, by PostgreSQL's
 * own plan for it. Of tables without statistics nothing is said.
 */
public final class LargeScans {

  /** From here on a table is large. */
  public static final int MANY_ROWS = 10_000;

  /** They have read all that is below them before they give their first row. */
  private static final Set<String> BLOCKING = Set.of("Sort", "Hash", "ModifyTable");

  private static final Set<String> SCANS = Set.of("Seq Scan", "Index Scan", "Index Only Scan");

  private static final String SIZES =
      """
      SELECT number, reltuples,
             CAST(CAST(coalesce(pg_partition_root(oid), oid) AS regclass) AS text) AS table_name
        FROM unnest(CAST(? AS text[]), CAST(? AS text[])) WITH ORDINALITY
             AS scanned (home, name, number)
        JOIN pg_class ON pg_class.oid = to_regclass(format('%I.%I', home, name))
       WHERE reltuples > 0
       ORDER BY number""";

  private final List<Scan> scans = new ArrayList<>();
  private final boolean fromTheStart;

  private LargeScans(boolean fromTheStart) {
    this.fromTheStart = fromTheStart;
  }

  /**
   * What a statement reads of large tables.
   *
   * @param statement planned, not run; what is NULL in it is taken for any value
   */
  public static List<LargeScan> of(JdbcTemplate jdbc, BoundSql statement) {
    return new LargeScans(false).in(jdbc, statement);
  }

  /**
   * The same of a page that is not the first: what begins anew, to leave out the rows before the
   * page, reads all of them in the course of the run.
   */
  public static List<LargeScan> ofLaterPage(JdbcTemplate jdbc, BoundSql statement) {
    return new LargeScans(true).in(jdbc, statement);
  }

  private List<LargeScan> in(JdbcTemplate jdbc, BoundSql statement) {
    statement.withUnknowns().explain(jdbc).forEach(plan -> look(plan, 1, false, fromTheStart));
    var large = new LinkedHashMap<String, LargeScan>();
    if (!scans.isEmpty()) {
      BoundSql.of(
              SIZES,
              List.of(
                  scans.stream().map(Scan::schema).toList(),
                  scans.stream().map(Scan::relation).toList()))
          .query(
              jdbc,
              (row, number) -> {
                var scan = scans.get(row.getInt("number") - 1);
                var rows = (long) (row.getDouble("reltuples") * scan.share);
                return new LargeScan(row.getString("table_name"), rows, scan.sorted);
              })
          .forEach(scan -> large.merge(scan.table(), scan, LargeScan::and));
    }
    return large.values().stream().filter(scan -> scan.rows() >= MANY_ROWS).toList();
  }

  /**
   * Looks at a part of a plan.
   *
   * @param share how much of its rows is asked for
   * @param sorted whether they are sorted
   * @param all whether limits do not count
   */
  private void look(JsonNode node, double share, boolean sorted, boolean all) {
    var type = StatementPlan.text(node, "Node Type");
    if (SCANS.contains(type) && !node.has("Index Cond")) {
      scans.add(
          new Scan(
              StatementPlan.text(node, "Schema"),
              StatementPlan.text(node, "Relation Name"),
              share,
              sorted));
    }
    for (var child : node.path("Plans")) {
      var apart = StatementPlan.text(child, "Parent Relationship").endsWith("Plan");
      if (apart) {
        look(child, 1, false, false);
      } else if (type.equals("Limit") && !all) {
        look(child, share * limited(node, child), sorted, false);
      } else {
        look(child, blocks(node, type) ? 1 : share, sorted || type.equals("Sort"), all);
      }
    }
  }

  private static boolean blocks(JsonNode node, String type) {
    return BLOCKING.contains(type)
        || type.equals("Aggregate") && !StatementPlan.text(node, "Strategy").equals("Sorted");
  }

  /** How much of the node below a limit is run, by its costs. */
  private static double limited(JsonNode limit, JsonNode below) {
    var start = below.path("Startup Cost").asDouble();
    var all = below.path("Total Cost").asDouble() - start;
    var used = limit.path("Total Cost").asDouble() - start;
    return all <= 0 ? 1 : Math.min(1, Math.max(0, used / all));
  }

  /**
   * A large table that is read without an index that leads to the rows.
   *
   * @param table as SQL names it; of a partition, the topmost parent
   * @param rows how many rows are read, by the planner's estimate
   * @param sorted whether they are sorted as well
   */
  public record LargeScan(String table, long rows, boolean sorted) {

    private LargeScan and(LargeScan other) {
      return new LargeScan(table, rows + other.rows, sorted || other.sorted);
    }
  }

  private record Scan(String schema, String relation, double share, boolean sorted) {}
}
