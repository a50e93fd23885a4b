package io.undercurrent.sql;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a statement has cost the server, by EXPLAIN (ANALYZE, BUFFERS, WAL).
 *
 * @param buffers how many blocks of tables and indexes it has looked at, in memory or not
 * @param wal how many bytes of WAL it has written
 * @param triggers whether triggers or foreign keys have fired, whose work is in neither
 */
public record MeasuredCost(long buffers, long wal, boolean triggers) {

  public static final MeasuredCost NOTHING = new MeasuredCost(0, 0, false);

  /** What the server says in JSON. */
  static MeasuredCost of(String explained) {
    return JsonMapper.shared()
        .readTree(explained)
        .valueStream()
        .map(MeasuredCost::of)
        .reduce(NOTHING, MeasuredCost::plus);
  }

  private static MeasuredCost of(JsonNode statement) {
    var plan = statement.path("Plan");
    return new MeasuredCost(
        plan.path("Shared Hit Blocks").asLong(0) + plan.path("Shared Read Blocks").asLong(0),
        plan.path("WAL Bytes").asLong(0),
        !statement.path("Triggers").isEmpty());
  }

  /** That of several statements. */
  public static MeasuredCost sum(List<MeasuredCost> costs) {
    return costs.stream().reduce(NOTHING, MeasuredCost::plus);
  }

  private MeasuredCost plus(MeasuredCost more) {
    return new MeasuredCost(buffers + more.buffers, wal + more.wal, triggers || more.triggers);
  }
}
