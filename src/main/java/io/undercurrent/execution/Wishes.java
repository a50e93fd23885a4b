package io.undercurrent.execution;

import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.stop.StopSignal;
import java.time.Instant;
import java.time.OffsetDateTime;
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

  /** Looks once. */
  public Seen look(JdbcClient jdbc) {
    return jdbc.sql(
            "SELECT clock_timestamp() AS at, %s AS reason, %s AS knobs"
                .formatted(STOP_REASON, KnobSettings.asJson(":update")))
        .params(parameters())
        .query(
            (row, number) ->
                new Seen(
                    row.getObject("at", OffsetDateTime.class).toInstant(),
                    Optional.ofNullable(row.getString("reason")),
                    KnobSettings.of(row.getString("knobs"))))
        .single();
  }

  /**
   * What a look has found.
   *
   * @param at when, by the database's clock
   * @param stopReason why to stop the update, or nothing to go on
   * @param knobs what operators have set of it
   */
  public record Seen(Instant at, Optional<String> stopReason, KnobSettings knobs) {

    /** Has a running step obey. */
    public void obey(StopSignal stop) {
      stopReason.ifPresent(
          reason -> {
            if (reason.equals(CANCELLED)) {
              stop.cut(reason);
            } else {
              stop.stop(reason);
            }
          });
    }
  }
}
