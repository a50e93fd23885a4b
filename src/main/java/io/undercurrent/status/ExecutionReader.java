package io.undercurrent.status;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.queue.QueuedUpdate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the last execution of a run from Spring Batch's tables. */
public final class ExecutionReader {

  private final Database database;

  public ExecutionReader(Database database) {
    this.database = database;
  }

  /**
   * Which updates may run: those that a job file defines, and the one that a runner has in hand, as
   * a file defined it when it began.
   */
  public Predicate<QueuedUpdate> runnable(Definitions definitions) {
    return update ->
        definitions.find(update.name()).isPresent()
            || last(update.name(), update.run()).filter(ExecutionView::active).isPresent();
  }

  public Optional<ExecutionView> last(String update, long run) {
    return database
        .jdbc()
        .sql(
            """
            SELECT EXISTS (SELECT
                             FROM undercurrent.live_lease
                            WHERE execution.status IN ('STARTING', 'STARTED', 'STOPPING')
                               -- until its row leaves the queue
                               OR execution.status = 'COMPLETED'
                                  AND current_update = :update
                                  AND acquired_at AT TIME ZONE 'UTC' < execution.start_time)
                     AS active,
                   execution.status = 'COMPLETED' AS completed,
                   (SELECT coalesce(context.serialized_context, context.short_context)
                      FROM undercurrent.batch_step_execution step
                      JOIN undercurrent.batch_step_execution_context context
                        USING (step_execution_id)
                     WHERE step.job_execution_id = execution.job_execution_id
                     ORDER BY step_execution_id DESC
                     LIMIT 1) AS context
              FROM undercurrent.run_executions execution
             WHERE update_name = :update
               AND run = :run
             ORDER BY job_execution_id DESC
             LIMIT 1""")
        .param("update", update)
        .param("run", String.valueOf(run))
        .query(ExecutionReader::view)
        .optional();
  }

  private static ExecutionView view(ResultSet row, int number) throws SQLException {
    return new ExecutionView(
        row.getBoolean("active"), row.getBoolean("completed"), position(row.getString("context")));
  }

  private static @Nullable String position(@Nullable String context) {
    return context == null ? null : Checkpoint.read(context).place();
  }
}
