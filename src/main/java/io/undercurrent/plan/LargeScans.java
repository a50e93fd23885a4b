package io.undercurrent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The nodes of a plan that scan a table without an index that leads to the rows. */
public final class LargeScans {

  /** They have read all that is below them before they give their first row. */
  private static final Set<String> BLOCKING = Set.of("Sort", "Hash", "ModifyTable");

  private static final Set<String> SCANS = Set.of("Seq Scan", "Index Scan", "Index Only Scan");

  private final List<JsonNode> nodes = new ArrayList<>();

  /** How much of the rows of each is asked for. */
  private final List<Double> shares = new ArrayList<>();

  private LargeScans() {}

  /**
   * Looks for them.
   *
   * @param fromTheStart whether a limit is one after rows that are left out, and so does not count
   */
  static LargeScans of(List<JsonNode> plans, boolean fromTheStart) {
    var scans = new LargeScans();
    plans.forEach(plan -> scans.look(plan, 1, fromTheStart));
    return scans;
  }

  List<JsonNode> nodes() {
    return nodes;
  }

  /** How many rows they read in all, if that is how many their tables have. */
  long rows(List<Long> ofTables) {
    var rows = 0.0;
    for (int i = 0; i < ofTables.size(); i++) {
      rows += ofTables.get(i) * shares.get(i);
    }
    return (long) rows;
  }

  private void look(JsonNode node, double share, boolean all) {
    var type = StatementPlan.text(node, "Node Type");
    if (SCANS.contains(type) && !node.has("Index Cond")) {
      nodes.add(node);
      shares.add(share);
    }
    for (var child : node.path("Plans")) {
      if (StatementPlan.text(child, "Parent Relationship").endsWith("Plan")) {
        look(child, 1, false);
      } else if (type.equals("Limit") && !all) {
        look(child, share * limited(node, child), false);
      } else {
        look(child, blocks(node, type) ? 1 : share, all);
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
}
