package io.undercurrent.status;

import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import io.undercurrent.queue.QueuedUpdate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A run's last step execution, from Spring Batch's tables.
 *
 * @param checkpoint what its context tells
 * @param rowsRead the keys that it read itself
 * @param commits the iterations in which it did so
 * @param elapsed how long it took for them, the controller's sleeps included
 * @param lastCommit when an iteration was committed last, or null if it ended or none was
 */
public record LastExecution(
    Checkpoint checkpoint,
    long rowsRead,
    long commits,
    Duration elapsed,
    @Nullable Instant lastCommit) {

  public static Optional<LastExecution> of(QueuedUpdate update, JdbcClient jdbc) {
    return jdbc.sql(
            """
            SELECT coalesce(context.serialized_context, context.short_context) AS context,
                   step.read_count, step.commit_count,
                   (1000 * extract(epoch FROM step.last_updated - step.start_time))::bigint
                     AS elapsed_ms,
                   CASE WHEN step.commit_count > 0 AND step.end_time IS NULL
                     THEN step.last_updated AT TIME ZONE 'UTC' END AS last_commit
              FROM undercurrent.run_executions
              JOIN undercurrent.batch_step_execution step USING (job_execution_id)
              JOIN undercurrent.batch_step_execution_context context USING (step_execution_id)
             WHERE update_name = :update
               AND run = :run
             ORDER BY step_execution_id DESC
             LIMIT 1""")
        .param("update", update.name())
        .param("run", String.valueOf(update.run()))
        .query(LastExecution::of)
        .optional();
  }

  private static LastExecution of(ResultSet row, int number) throws SQLException {
    var lastCommit = row.getObject("last_commit", OffsetDateTime.class);
    return new LastExecution(
        Checkpoint.read(row.getString("context")),
        row.getLong("read_count"),
        row.getLong("commit_count"),
        Duration.ofMillis(row.getLong("elapsed_ms")),
        lastCommit == null ? null : lastCommit.toInstant());
  }

  public Progress progress() {
    return checkpoint.progress();
  }
}
