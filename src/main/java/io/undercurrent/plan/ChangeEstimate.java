package io.undercurrent.plan;

import io.undercurrent.sql.BoundSql;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/**
 * How many rows that are there a statement changes, by the planner's estimate.
 *
 * @param rows how many it updates, deletes or merges into
 * @param tables which tables they are of, without their schemas
 */
public record ChangeEstimate(long rows, List<String> tables) {

  private static final Set<String> OF_OTHERS = Set.of("Update", "Delete", "Merge");

  /**
   * Plans a statement, without running it.
   *
   * @throws org.springframework.dao.DataAccessException if it cannot be planned
   */
  public static ChangeEstimate of(JdbcTemplate jdbc, BoundSql statement) {
    var changes =
        statement.plan(jdbc).stream()
            .flatMap(StatementPlan::nodes)
            .filter(StatementPlan::changes)
            .filter(node -> OF_OTHERS.contains(StatementPlan.text(node, "Operation")))
            .toList();
    return new ChangeEstimate(
        changes.stream().mapToLong(ChangeEstimate::rows).sum(),
        changes.stream().map(node -> StatementPlan.text(node, "Relation Name")).toList());
  }

  /** What it gets from below it, values of subqueries aside. */
  private static long rows(JsonNode change) {
    return change
        .path("Plans")
        .valueStream()
        .filter(child -> StatementPlan.text(child, "Parent Relationship").matches("Outer|Member"))
        .mapToLong(child -> child.path("Plan Rows").asLong(0))
        .sum();
  }
}
