package io.undercurrent.execution;

import io.undercurrent.queue.QueuedUpdate;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What operators wish of the update that runs, in one look at the rows.
 *
 * @param update the update
 */
public record Wishes(QueuedUpdate update) {

  /** The reason to stop where the update has left the queue. */
  public static final String CANCELLED = "cancelled";

  /** An SQL expression: why to stop, or NULL to go on; its parameters have names. */
  static final String STOP_REASON =
      """
      CASE
        WHEN NOT EXISTS (SELECT
                           FROM undercurrent.runs
                           JOIN undercurrent.background_updates USING (update_name)
                          WHERE update_name = :update
                            AND run = :run
                            AND ended_at IS NULL) THEN 'cancelled'
        WHEN NOT (SELECT enabled
                    FROM undercurrent.lease
                   ORDER BY epoch DESC, generation DESC
                   LIMIT 1) THEN 'disabled'
        WHEN EXISTS (SELECT
                       FROM undercurrent.pauses_in_force
                      WHERE coalesce(update_name, :update) = :update) THEN 'paused'
      END""";

  Map<String, Object> parameters() {
    return Map.of("update", update.name(), "run", update.run());
  }

  /** Why to stop the update, or nothing to go on. */
  public Optional<String> stopReason(JdbcClient jdbc) {
    return jdbc.sql("SELECT " + STOP_REASON)
        .params(parameters())
        .query((row, number) -> Optional.ofNullable(row.getString(1)))
        .single();
  }
}
