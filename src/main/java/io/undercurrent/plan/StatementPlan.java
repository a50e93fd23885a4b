package io.undercurrent.plan;

import static java.util.stream.Collectors.groupingBy;

import io.undercurrent.sql.BoundSql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/**
 * What a statement reads and changes, by PostgreSQL's own plan for it. What functions and triggers
 * do is not in a plan.
 *
 * @param read the tables that it scans, as SQL names them; a partition or an inheritance child is
 *     named by its topmost parent
 * @param changed the tables that it inserts into, updates, deletes from or merges into, likewise
 * @param inserted those of them that it may insert into
 * @param updated those of them whose rows it may update
 * @param deleted those of them that it deletes from; for MERGE that is not known
 * @param untied those of which it changes rows that no condition compares with the chunk
 * @param usesChunk whether it looks at the relation {@code chunk}
 * @param scans how often it scans each of {@code read}; of partitions, how often the same one
 * @param sought those whose rows it looks for to update or delete them
 * @param merged those that it merges into
 * @param plain whether it reads all rows of one table as they are: no condition, nothing put
 *     together
 * @param rows how many rows it returns, or else changes, by the planner's estimate
 */
public record StatementPlan(
    Set<String> read,
    Set<String> changed,
    Set<String> inserted,
    Set<String> updated,
    Set<String> deleted,
    Set<String> untied,
    boolean usesChunk,
    Map<String, Integer> scans,
    Set<String> sought,
    Set<String> merged,
    boolean plain,
    long rows) {

  /** What the chunk's rows are called in a plan that has them in place of the relation. */
  public static final String CHUNK_ROWS = "rows_of_chunk";

  /** What the rows of an update's own making are called that it refuses to have. */
  public static final String MATCHED_BY_SEVERAL = "matched_by_several";

  private static final String CHUNK = "chunk";

  private static final Set<String> PLAIN =
      Set.of(
          "Seq Scan",
          "Index Scan",
          "Index Only Scan",
          "Append",
          "Merge Append",
          "Gather",
          "Gather Merge");

  private static final String ROOTS =
      """
      WITH RECURSIVE upwards AS (
        SELECT to_regclass(format('%I.%I', home, name)) AS relation
          FROM unnest(CAST(? AS text[]), CAST(? AS text[])) AS named (home, name)
        UNION
        SELECT inhparent
          FROM upwards
          JOIN pg_inherits ON inhrelid = relation
      )
      SELECT CAST(CAST(relation AS regclass) AS text)
        FROM upwards
       WHERE relation IS NOT NULL
         AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = relation)""";

  /**
   * Plans a statement, without running it.
   *
   * @throws org.springframework.dao.DataAccessException if it cannot be planned, or if the role
   *     lacks a privilege that it needs
   */
  public static StatementPlan of(JdbcTemplate jdbc, BoundSql statement) {
    var plans = statement.plan(jdbc);
    var nodes = plans.stream().flatMap(StatementPlan::nodes).toList();
    var read = roots(jdbc, nodes.stream().filter(node -> !changes(node)).toList());
    return new StatementPlan(
        read,
        roots(jdbc, nodes.stream().filter(StatementPlan::changes).toList()),
        roots(jdbc, nodes.stream().filter(StatementPlan::inserts).toList()),
        roots(jdbc, nodes.stream().filter(StatementPlan::updates).toList()),
        roots(jdbc, nodes.stream().filter(StatementPlan::deletes).toList()),
        roots(jdbc, plans.stream().flatMap(plan -> UntiedChanges.of(plan).stream()).toList()),
        nodes.stream().anyMatch(StatementPlan::isChunk),
        scans(jdbc, plans.stream().flatMap(StatementPlan::seen).toList()),
        roots(jdbc, nodes.stream().filter(StatementPlan::seeks).toList()),
        roots(jdbc, nodes.stream().filter(StatementPlan::merges).toList()),
        read.size() == 1 && nodes.stream().allMatch(StatementPlan::isPlain),
        plans.stream().mapToLong(StatementPlan::rows).sum());
  }

  /**
   * Whether what it does in a table depends on other rows there than those that it changes.
   *
   * @param byKey whether each row there belongs to one key of the chunk
   */
  public boolean readsBesides(String table, boolean byKey) {
    var finds = sought.contains(table) || byKey && merged.contains(table);
    return scans.getOrDefault(table, 0) > (finds ? 1 : 0);
  }

  private static Map<String, Integer> scans(JdbcTemplate jdbc, List<JsonNode> nodes) {
    var scans = new HashMap<String, Integer>();
    nodes.stream()
        .filter(node -> node.has("Relation Name") && !changes(node))
        .collect(groupingBy(node -> text(node, "Schema") + "." + text(node, "Relation Name")))
        .values()
        .forEach(
            same -> roots(jdbc, same).forEach(root -> scans.merge(root, same.size(), Math::max)));
    return scans;
  }

  /** The nodes of a plan, without those that only make sure of something. */
  private static Stream<JsonNode> seen(JsonNode node) {
    return text(node, "Subplan Name").equals("CTE " + MATCHED_BY_SEVERAL)
        ? Stream.of()
        : Stream.concat(
            Stream.of(node), node.path("Plans").valueStream().flatMap(StatementPlan::seen));
  }

  /** What only changes rows returns none. */
  private static long rows(JsonNode plan) {
    var rows = plan.path("Plan Rows").asLong(0);
    return rows > 0 || !changes(plan)
        ? rows
        : plan.path("Plans").valueStream().mapToLong(StatementPlan::rows).sum();
  }

  private static boolean isPlain(JsonNode node) {
    return PLAIN.contains(text(node, "Node Type"))
        && node.propertyStream()
            .noneMatch(
                field -> field.getKey().endsWith("Filter") || field.getKey().endsWith("Cond"));
  }

  static Stream<JsonNode> nodes(JsonNode node) {
    var below = node.get("Plans");
    return Stream.concat(
        Stream.of(node),
        below == null ? Stream.of() : below.valueStream().flatMap(StatementPlan::nodes));
  }

  static boolean changes(JsonNode node) {
    return text(node, "Node Type").equals("ModifyTable");
  }

  private static boolean inserts(JsonNode node) {
    return Set.of("Insert", "Merge").contains(text(node, "Operation")) && changes(node);
  }

  private static boolean updates(JsonNode node) {
    return changes(node)
        && (Set.of("Update", "Merge").contains(text(node, "Operation"))
            || text(node, "Conflict Resolution").equals("UPDATE"));
  }

  private static boolean seeks(JsonNode node) {
    return Set.of("Update", "Delete").contains(text(node, "Operation")) && changes(node);
  }

  private static boolean merges(JsonNode node) {
    return text(node, "Operation").equals("Merge") && changes(node);
  }

  private static boolean deletes(JsonNode node) {
    return text(node, "Operation").equals("Delete") && changes(node);
  }

  static boolean isChunk(JsonNode node) {
    return text(node, "CTE Name").equals(CHUNK) || text(node, "Alias").equals(CHUNK_ROWS);
  }

  static Set<String> roots(JdbcTemplate jdbc, List<JsonNode> nodes) {
    var homes = new ArrayList<String>();
    var names = new ArrayList<String>();
    for (var node : nodes) {
      if (node.has("Relation Name")) {
        homes.add(text(node, "Schema"));
        names.add(text(node, "Relation Name"));
      }
    }
    return names.isEmpty()
        ? Set.of()
        : new HashSet<>(
            BoundSql.of(ROOTS, List.of(homes, names))
                .query(jdbc, (row, number) -> row.getString(1)));
  }

  static String text(JsonNode node, String field) {
    var value = node.get(field);
    return value == null ? "" : value.asString();
  }
}
