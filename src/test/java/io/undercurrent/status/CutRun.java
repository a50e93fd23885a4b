package io.undercurrent.status;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * A run that was cut into slices, written into Spring Batch's tables as a runner would have: any
 * state of any slice, without waiting for it.
 */
public final class CutRun {

  private static final int ROWS_OF_AN_ITERATION = 100;

  private final Database database;
  private final String update;

  private CutRun(Database database, String update) {
    this.database = database;
    this.update = update;
  }

  /** Queues an update, whose first execution is under way in another process. */
  public static CutRun of(Database database, String update) {
    new UpdateQueue(database).add(update, List.of(new NewUpdate(update, null, 0)));
    var run = new CutRun(database, update);
    Rows.run(
        database,
        """
        INSERT INTO undercurrent.batch_job_instance (job_instance_id, version, job_name, job_key)
        VALUES (1, 0, '%s', 'run 1')"""
            .formatted(update),
        """
        UPDATE undercurrent.lease
           SET owner = 'pid 1 on db-host', owner_id = 'stranger', current_update = '%s',
               acquired_at = clock_timestamp() - interval '1 hour', renewed_at = clock_timestamp(),
               expires_at = clock_timestamp() + interval '1 hour'"""
            .formatted(update));
    return run.execution(1);
  }

  /** Begins another execution of it. */
  public CutRun execution(int number) {
    Rows.run(
        database,
        """
        INSERT INTO undercurrent.batch_job_execution
               (job_execution_id, version, job_instance_id, create_time, start_time, status)
        VALUES (%d, 0, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' - interval '1 minute',
                'STARTED')"""
            .formatted(number),
        """
        INSERT INTO undercurrent.batch_job_execution_params
        VALUES (%d, 'run', 'java.lang.Long', '1', 'Y')"""
            .formatted(number));
    return this;
  }

  /** The part of the run that was done in one lane, before it was cut. */
  public CutRun whole(long rows, String position) {
    return step(update, "STOPPED", new Part(rows, rows, 100, position, position));
  }

  /** The step that has the slices worked on; another aggregator would have it count them all. */
  public CutRun manager(long rows) {
    return step(update + ":lanes", "STARTED", new Part(rows, 0, 100, null, null));
  }

  /**
   * A slice.
   *
   * @param status Spring Batch's
   */
  public CutRun slice(int number, String status, Part part) {
    return step(update + ":slice" + number, status, part);
  }

  /**
   * What a part of the run has come to, in iterations of 100 rows.
   *
   * @param expected how many rows it has; 0 if that is not known
   * @param ms what an iteration takes, after as long a sleep
   */
  public record Part(
      long rows, long expected, double ms, @Nullable String position, @Nullable String end) {}

  private CutRun step(String step, String status, Part part) {
    var iterations = (part.rows + ROWS_OF_AN_ITERATION - 1) / ROWS_OF_AN_ITERATION;
    database
        .jdbc()
        .sql(
            """
            WITH step AS (
              INSERT INTO undercurrent.batch_step_execution
                     (step_execution_id, version, step_name, job_execution_id, create_time, status,
                      start_time, end_time, last_updated, read_count, filter_count, write_count,
                      commit_count, rollback_count)
              SELECT nextval('undercurrent.batch_step_execution_seq'), 0, :step,
                     max(job_execution_id), now, :status,
                     CASE WHEN :status <> 'STARTING'
                       THEN now - CAST(:elapsedMs AS bigint) * interval '1 ms' END,
                     CASE WHEN :status NOT IN ('STARTING', 'STARTED') THEN now END,
                     now, :rows, 0, :rows, :iterations, 0
                FROM undercurrent.batch_job_execution,
                     CAST(clock_timestamp() AT TIME ZONE 'UTC' AS timestamp) AS now
               GROUP BY now
              RETURNING step_execution_id
            )
            INSERT INTO undercurrent.batch_step_execution_context
            SELECT step_execution_id, '', :context
              FROM step""")
        .params(
            Map.of(
                "step",
                step,
                "status",
                status,
                "elapsedMs",
                2 * iterations * (long) part.ms,
                "rows",
                part.rows,
                "iterations",
                iterations,
                "context",
                context(part, iterations)))
        .update();
    return this;
  }

  private static String context(Part part, long iterations) {
    var context = new ExecutionContext();
    putKey(context, Checkpoint.POSITION, part.position);
    putKey(context, Checkpoint.END, part.end);
    context.putString(Checkpoint.AXIS, "numbers by id (bigint)");
    context.putLong("undercurrent.items", part.rows);
    context.putDouble("undercurrent.totalMs", iterations * part.ms);
    context.putDouble("undercurrent.averageItems", ROWS_OF_AN_ITERATION);
    context.putDouble("undercurrent.averageMs", part.ms);
    context.putLong("undercurrent.iterations", iterations);
    context.putLong("undercurrent.rows", part.rows);
    context.putLong("undercurrent.expectedRows", part.expected);
    context.putDouble("undercurrent.lastMs", part.ms);
    context.putString("undercurrent.recentMs", "");
    context.putInt("undercurrent.chunkSize", ROWS_OF_AN_ITERATION);
    context.putString("undercurrent.chunkRule", "PACE");
    context.putDouble("undercurrent.targetMs", 100);
    context.putDouble("undercurrent.chunkItemsPerMs", 1);
    context.putLong("undercurrent.matching", part.rows);
    context.putLong("undercurrent.changed", part.rows);
    context.putString("undercurrent.changedByStatement", String.valueOf(part.rows));
    var text = new ByteArrayOutputStream();
    try {
      new JacksonExecutionContextStringSerializer().serialize(context.toMap(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static void putKey(ExecutionContext context, String entry, @Nullable String key) {
    if (key != null) {
      context.putString(entry, Checkpoint.text(List.of(key)));
    }
  }
}
