package io.undercurrent.ledger;

import io.undercurrent.lease.Fence;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tables that it is written down in.
 *
 * @param jdbc on a connection of the lease's holder
 * @param fence nothing is written once the lease is lost
 */
record LedgerTable(JdbcClient jdbc, Fence fence) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** One statement, so that all of it is written or nothing. */
  private static final String WRITE =
      """
      WITH fence AS MATERIALIZED (
        %s
      ), entry AS MATERIALIZED (
        SELECT entry.*,
               greatest(coalesce(at, clock_timestamp()), since + interval '1 us') AS until
          FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS entry (
                 update_name text, run bigint, since timestamptz, at timestamptz, ended boolean,
                 ms bigint, items bigint, changed bigint, iterations bigint, iteration_ms bigint,
                 target_ms bigint, chunk_size bigint, times jsonb, all_times jsonb,
                 all_items bigint, all_changed bigint, all_iterations bigint,
                 all_iteration_ms bigint)
         WHERE EXISTS (SELECT FROM fence)
      ), stale_times AS (
        DELETE FROM undercurrent.run_times stale
         USING entry
         WHERE stale.update_name = entry.update_name
           AND stale.run = entry.run
           AND NOT jsonb_exists(entry.all_times, stale.activity)
      ), times AS (
        INSERT INTO undercurrent.run_times (update_name, run, activity, ms)
        SELECT update_name, run, part.key, CAST(part.value AS bigint)
          FROM entry, jsonb_each_text(all_times) part
            ON CONFLICT (update_name, run, activity) DO UPDATE SET ms = excluded.ms
         WHERE run_times.ms <> excluded.ms
      ), stale_samples AS (
        DELETE FROM undercurrent.samples stale
         USING entry
         WHERE stale.update_name = entry.update_name
           AND stale.run = entry.run
           AND stale.at > entry.since
      ), sample AS (
        INSERT INTO undercurrent.samples (
          update_name, run, at, ms, items, changed, iterations, iteration_ms, target_ms,
          chunk_size, times)
        SELECT update_name, run, until, ms, items, changed, iterations, iteration_ms, target_ms,
               chunk_size, times
          FROM entry
         WHERE ms > 0 OR iterations > 0
      ), clock AS (
        INSERT INTO undercurrent.run_clocks (
          update_name, run, until, items, changed, iterations, iteration_ms)
        SELECT update_name, run, until, all_items, all_changed, all_iterations, all_iteration_ms
          FROM entry
         WHERE NOT ended
            ON CONFLICT (update_name, run) DO UPDATE
           SET until = excluded.until, items = excluded.items, changed = excluded.changed,
               iterations = excluded.iterations, iteration_ms = excluded.iteration_ms
      ), closed AS (
        DELETE FROM undercurrent.run_clocks closed
         USING entry
         WHERE closed.update_name = entry.update_name
           AND closed.run = entry.run
           AND entry.ended
      )
      SELECT update_name, run, until FROM entry""";

  /** Those that are counted, and those that have begun and never were. */
  private static final String OPEN =
      """
      SELECT update_name, run, started_at, ended_at, until, items, changed, iterations,
             iteration_ms, clock_timestamp() AS now,
             (SELECT jsonb_object_agg(activity, ms)
                FROM undercurrent.run_times
               WHERE run_times.update_name = begun.update_name
                 AND run_times.run = begun.run) AS times,
             (SELECT max(execution.end_time) AT TIME ZONE 'UTC'
                FROM undercurrent.run_executions of_run
                JOIN undercurrent.batch_job_execution execution USING (job_execution_id)
               WHERE of_run.update_name = begun.update_name
                 AND of_run.run = begun.run::text) AS last_commit
        FROM undercurrent.runs begun
        FULL JOIN undercurrent.run_clocks USING (update_name, run)
       WHERE until IS NOT NULL
          OR ended_at IS NULL AND started_at IS NOT NULL""";

  /**
   * A run that has begun, as a runner finds it.
   *
   * @param startedAt when it was first executed; null if its row is gone
   * @param endedAt when it ended, or null
   * @param mark how far it is written down; null if nobody ever did
   * @param times what it has spent its time on, as far as that is known
   * @param lastCommit when its last execution ended, as far as is known, or null
   * @param now on the database's clock
   */
  record Begun(
      String update,
      long run,
      @Nullable OffsetDateTime startedAt,
      @Nullable OffsetDateTime endedAt,
      @Nullable Mark mark,
      Map<String, Long> times,
      @Nullable OffsetDateTime lastCommit,
      OffsetDateTime now) {

    private static Begun of(ResultSet row, int number) throws SQLException {
      var json = row.getString("times");
      var times =
          json == null
              ? Map.<String, Long>of()
              : JSON.readValue(json, new TypeReference<Map<String, Long>>() {});
      var until = row.getObject("until", OffsetDateTime.class);
      var work =
          new WorkDone(
              row.getLong("items"),
              row.getObject("changed", Long.class),
              row.getLong("iterations"),
              row.getLong("iteration_ms"));
      return new Begun(
          row.getString("update_name"),
          row.getLong("run"),
          row.getObject("started_at", OffsetDateTime.class),
          row.getObject("ended_at", OffsetDateTime.class),
          until == null ? null : new Mark(until, times, work),
          times,
          row.getObject("last_commit", OffsetDateTime.class),
          row.getObject("now", OffsetDateTime.class));
    }
  }

  List<Begun> begun() {
    return jdbc.sql(OPEN).query(Begun::of).list();
  }

  /**
   * Writes spans down, of different runs.
   *
   * @return when each ends; nothing if the lease is lost
   */
  Map<Entry, OffsetDateTime> write(List<Entry> entries) {
    var ends = new HashMap<Entry, OffsetDateTime>();
    jdbc.sql(WRITE.formatted(fence.sql()))
        .param("entries", JSON.writeValueAsString(entries.stream().map(Entry::json).toList()))
        .query(
            row -> {
              var update = row.getString("update_name");
              var run = row.getLong("run");
              var until = row.getObject("until", OffsetDateTime.class);
              entries.stream()
                  .filter(entry -> entry.update().equals(update) && entry.run() == run)
                  .forEach(entry -> ends.put(entry, until));
            });
    return ends;
  }

  /** Removes all that there is of a run whose row is gone. */
  void forget(String update, long run) {
    for (var from : List.of("run_times", "samples", "run_clocks")) {
      jdbc.sql(
              "DELETE FROM undercurrent.%s WHERE update_name = :update AND run = :run AND EXISTS (%s)"
                  .formatted(from, fence.sql()))
          .param("update", update)
          .param("run", run)
          .update();
    }
  }

  /** When a run ended; empty if it has not. */
  Optional<Ended> ended(String update, long run) {
    return jdbc.sql(
            """
            SELECT ended_at, coalesce(extract(epoch FROM clock_timestamp() - ended_at), 0) AS ago
              FROM (SELECT CAST(:update AS text) AS update_name, CAST(:run AS bigint) AS run) AS of
              LEFT JOIN undercurrent.runs USING (update_name, run)
             WHERE runs.run IS NULL
                OR ended_at IS NOT NULL""")
        .param("update", update)
        .param("run", run)
        .query(
            (row, number) ->
                new Ended(
                    row.getObject("ended_at", OffsetDateTime.class),
                    Duration.ofNanos((long) (1e9 * Math.max(0, row.getDouble("ago"))))))
        .optional();
  }

  /**
   * The end of a run.
   *
   * @param at when it was; null if the run's row is gone
   * @param ago how long ago
   */
  record Ended(@Nullable OffsetDateTime at, Duration ago) {}
}
