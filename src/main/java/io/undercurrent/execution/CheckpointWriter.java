package io.undercurrent.execution;

import static java.util.Objects.requireNonNull;

import io.undercurrent.iteration.BracketedTransaction.Call;
import io.undercurrent.iteration.BracketedTransaction.Ending;
import io.undercurrent.iteration.IterationGate.Checkpoint;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.stop.StopAtBoundaryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes an iteration's end into Spring Batch's tables, and that the update fails no more. */
public final class CheckpointWriter implements Checkpoint {

  /** What Spring Batch's SHORT_CONTEXT holds; more goes into SERIALIZED_CONTEXT as well. */
  private static final int SHORT_CONTEXT = 2500;

  /** So many saves look for the rows under the same key; see the columns' comments. */
  private static final long GENERATION = 50;

  /** The constraint of the domain that says so. */
  private static final String CANCELLED = "not_cancelled";

  /**
   * One statement instead of Spring Batch's three; the same rows. The planner would read such small
   * tables from end to end, with all the versions of their rows that an old snapshot keeps.
   */
  private static final NamedSql SAVE =
      new NamedSql(
          """
          SET LOCAL enable_seqscan = off;
          WITH queued AS (
            SELECT 1
              FROM undercurrent.background_updates
             WHERE update_name = :update
               FOR KEY SHARE
          ), step AS (
            UPDATE undercurrent.batch_step_execution
               SET version = version + 1, generation = :generation, commit_count = :commits,
                   read_count = :reads, filter_count = :filtered, write_count = :writes,
                   rollback_count = :rollbacks, last_updated = :now
             WHERE step_execution_id = :id
               AND generation = :before
               AND version = :version
               AND EXISTS (SELECT FROM queued)
            RETURNING step_execution_id
          ), context AS (
            UPDATE undercurrent.batch_step_execution_context
               SET generation = :generation, short_context = :shortContext,
                   serialized_context = :longContext
              FROM step
             WHERE batch_step_execution_context.step_execution_id = step.step_execution_id
               AND batch_step_execution_context.generation = :before
            RETURNING 1
          )
          SELECT CAST(CASE
                   WHEN EXISTS (SELECT FROM context) THEN 'saved'
                   WHEN EXISTS (SELECT FROM queued)
                    AND EXISTS (SELECT
                                  FROM undercurrent.runs
                                 WHERE update_name = :update
                                   AND run = :run
                                   AND ended_at IS NULL) THEN 'found another version'
                   ELSE 'cancelled'
                 END AS undercurrent.checkpoint) IS NULL,
                 set_config('enable_seqscan', NULL, true) IS NULL""");

  private static final ExecutionContextSerializer SERIALIZER =
      new JacksonExecutionContextStringSerializer();

  private final UpdateQueue queue;
  private final QueuedUpdate update;
  private final RunSetbacks setbacks;
  private final Clock clock;

  CheckpointWriter(UpdateQueue queue, QueuedUpdate update, RunSetbacks setbacks, Clock clock) {
    this.queue = queue;
    this.update = update;
    this.setbacks = setbacks;
    this.clock = clock;
  }

  @Override
  public Ending save(StepExecution execution) {
    forgetFailures();
    var context = serialized(execution);
    var commits = execution.getCommitCount();
    var version = requireNonNull(execution.getVersion(), "version");
    execution.setLastUpdated(LocalDateTime.now(clock));
    var values = new HashMap<String, @Nullable Object>();
    values.put("update", update.name());
    values.put("run", update.run());
    values.put("commits", commits);
    values.put("reads", execution.getReadCount());
    values.put("filtered", execution.getFilterCount());
    values.put("writes", execution.getWriteCount());
    values.put("rollbacks", execution.getRollbackCount());
    values.put("now", execution.getLastUpdated());
    values.put("id", execution.getId());
    values.put("version", version);
    values.put("before", (commits - 1) / GENERATION);
    values.put("generation", commits / GENERATION);
    values.put("shortContext", shortened(context));
    values.put("longContext", context.length() > SHORT_CONTEXT ? context : null);
    execution.incrementVersion();
    return new Save(SAVE.with(values), update.name(), version);
  }

  /** Once for all, but only once that is committed. */
  private void forgetFailures() {
    if (!setbacks.noted()) {
      return;
    }
    queue.forgetFailures(update.name(), update.run());
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            setbacks.forgotten();
          }
        });
  }

  private static String shortened(String context) {
    return context.length() > SHORT_CONTEXT
        ? context.substring(0, SHORT_CONTEXT - 8) + " ..."
        : context;
  }

  private static String serialized(StepExecution execution) {
    var out = new ByteArrayOutputStream();
    try {
      SERIALIZER.serialize(execution.getExecutionContext().toMap(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The statement, and what it says where it refuses. */
  private record Save(Call call, String update, int version) implements Ending {

    @Override
    public Optional<RuntimeException> refusal(Throwable failure) {
      return constraint(failure)
          .map(
              name ->
                  name.equals(CANCELLED)
                      ? new StopAtBoundaryException(Wishes.CANCELLED)
                      : new OvertakenException(
                          "Expected version %d of the step execution of update '%s', found another"
                              .formatted(version, update)));
    }

    private static Optional<String> constraint(Throwable failure) {
      return failure.getCause() instanceof PSQLException answer
          ? Optional.ofNullable(answer.getServerErrorMessage())
              .filter(error -> "undercurrent".equals(error.getSchema()))
              .filter(error -> "checkpoint".equals(error.getDatatype()))
              .map(ServerErrorMessage::getConstraint)
          : Optional.empty();
    }
  }
}
