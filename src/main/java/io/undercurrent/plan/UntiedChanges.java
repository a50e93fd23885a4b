package io.undercurrent.plan;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Looks in a plan for rows that are updated, deleted or merged into whatever the chunk holds: no
 * chain of conditions leads from one to the other. Where that is not sure, there are none.
 */
public final class UntiedChanges {

  /** What decides which rows a node of a plan yields, and for which of another node's. */
  private static final List<String> CONDITIONS =
      List.of(
          "Filter",
          "Index Cond",
          "Recheck Cond",
          "TID Cond",
          "Join Filter",
          "Hash Cond",
          "Merge Cond",
          "Cache Key",
          "Function Call");

  /** The value of a subquery, which may be one of the chunk. */
  private static final Pattern SUBQUERY = Pattern.compile("\\$\\d|Plan \\d");

  private static final Pattern NUMBER = Pattern.compile("_\\d+$");

  private static final String CHUNK = "the chunk";

  /** Names of what the plan scans, each set tied together by a condition. */
  private final List<Set<String>> ties = new ArrayList<>();

  private final Set<String> names;

  private UntiedChanges(JsonNode change) {
    names = names(change);
    below(change).forEach(this::tie);
  }

  /** The nodes of a plan that make such changes. */
  static List<JsonNode> of(JsonNode plan) {
    return StatementPlan.nodes(plan)
        .filter(StatementPlan::changes)
        .filter(change -> !StatementPlan.text(change, "Operation").equals("Insert"))
        .filter(change -> new UntiedChanges(change).isUntied(change))
        .toList();
  }

  private boolean isUntied(JsonNode change) {
    var reached =
        Stream.concat(Stream.of(change), change.path("Target Tables").valueStream())
            .map(UntiedChanges::name)
            .filter(names::contains)
            .collect(toSet());
    if (reached.isEmpty()) {
      return false;
    }
    while (ties.stream().filter(tie -> touches(tie, reached)).anyMatch(reached::addAll)) {
      // Each turn follows the chain by at least one condition.
    }
    return !reached.contains(CHUNK);
  }

  private static boolean touches(Set<String> tie, Set<String> reached) {
    return tie.stream().anyMatch(reached::contains);
  }

  private void tie(JsonNode node) {
    var conditions =
        CONDITIONS.stream().map(field -> StatementPlan.text(node, field)).collect(joining("\n"));
    var tie = new HashSet<String>();
    names.stream().filter(name -> isQualifier(name, conditions)).forEach(tie::add);
    if (node.has("Alias")) {
      // That of a subquery stands for all that is in it.
      tie.addAll(names(node));
    }
    if (StatementPlan.isChunk(node)
        || node.has("CTE Name")
        || SUBQUERY.matcher(conditions).find()) {
      tie.add(CHUNK);
    }
    ties.add(tie);
  }

  /** Partitions are called after their table, {@code days_1}, but not above what unites them. */
  private static boolean isQualifier(String name, String conditions) {
    var table = NUMBER.matcher(name).replaceFirst("");
    return Stream.of(name, table)
        .anyMatch(
            any ->
                Pattern.compile("(?<![\\w$])" + Pattern.quote(any) + "\"?\\.")
                    .matcher(conditions)
                    .find());
  }

  private static Set<String> names(JsonNode node) {
    return Stream.concat(Stream.of(node).filter(any -> !StatementPlan.changes(any)), below(node))
        .filter(any -> any.has("Alias"))
        .map(UntiedChanges::name)
        .collect(toSet());
  }

  private static String name(JsonNode node) {
    return StatementPlan.text(node, "Alias");
  }

  /** All nodes under one, but for subqueries whose value it only takes. */
  private static Stream<JsonNode> below(JsonNode node) {
    return node.path("Plans")
        .valueStream()
        .filter(child -> !StatementPlan.text(child, "Parent Relationship").endsWith("Plan"))
        .flatMap(child -> Stream.concat(Stream.of(child), below(child)));
  }
}
