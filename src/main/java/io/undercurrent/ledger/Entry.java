package io.undercurrent.ledger;

import io.undercurrent.controller.ChunkSize;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span of a run to be written down. It says where the run is after it, not how much that is more,
 * so that one whose outcome is unknown can be written again.
 *
 * @param from where the span begins
 * @param at when it ends, on the database's clock; null for now
 * @param ms what the run has spent its time on by then
 * @param work what it has done by then
 * @param chunk what its last chunk was allowed, or null
 * @param ended whether it is the run's last one
 */
record Entry(
    String update,
    long run,
    Mark from,
    @Nullable OffsetDateTime at,
    Map<String, Long> ms,
    WorkDone work,
    @Nullable ChunkSize chunk,
    boolean ended) {

  /** What the span was spent on. */
  Map<String, Long> times() {
    var times = new LinkedHashMap<String, Long>();
    ms.forEach(
        (activity, total) -> {
          var more = total - from.ms().getOrDefault(activity, 0L);
          if (more > 0) {
            times.put(activity, more);
          }
        });
    return times;
  }

  /** As the statement that writes it down reads it. */
  Map<String, @Nullable Object> json() {
    var times = times();
    var done = work.since(from.work());
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("update_name", update);
    fields.put("run", run);
    fields.put("since", from.at().toString());
    fields.put("at", at == null ? null : at.toString());
    fields.put("ended", ended);
    fields.put("ms", times.values().stream().mapToLong(Long::longValue).sum());
    fields.put("items", done.items());
    fields.put("changed", done.changed());
    fields.put("iterations", done.iterations());
    fields.put("iteration_ms", done.iterationMs());
    fields.put("target_ms", chunk == null ? null : Math.round(chunk.targetMs()));
    fields.put("chunk_size", chunk == null ? null : chunk.items());
    fields.put("times", times);
    fields.put("all_times", ms);
    fields.put("all_items", work.items());
    fields.put("all_changed", work.changed());
    fields.put("all_iterations", work.iterations());
    fields.put("all_iteration_ms", work.iterationMs());
    return fields;
  }
}
