package io.undercurrent.execution;

import io.undercurrent.iteration.IterationGate.Checkpoint;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Optional;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes an iteration's end into Spring Batch's tables, and that the update fails no more. */
public final class CheckpointWriter implements Checkpoint {

  /** What Spring Batch's SHORT_CONTEXT holds; more goes into SERIALIZED_CONTEXT as well. */
  private static final int SHORT_CONTEXT = 2500;

  private static final ExecutionContextSerializer SERIALIZER =
      new JacksonExecutionContextStringSerializer();

  private final JdbcTemplate jdbc;
  private final Wishes wishes;
  private final UpdateQueue queue;
  private final QueuedUpdate update;
  private final RunSetbacks setbacks;
  private final Clock clock;

  CheckpointWriter(
      JdbcTemplate jdbc,
      Wishes wishes,
      UpdateQueue queue,
      QueuedUpdate update,
      RunSetbacks setbacks,
      Clock clock) {
    this.jdbc = jdbc;
    this.wishes = wishes;
    this.queue = queue;
    this.update = update;
    this.setbacks = setbacks;
    this.clock = clock;
  }

  @Override
  public Optional<String> save(StepExecution execution) {
    forgetFailures();
    var context = serialized(execution);
    execution.setLastUpdated(LocalDateTime.now(clock));
    // One statement instead of Spring Batch's three round trips; the same rows.
    var rows =
        JdbcClient.create(jdbc)
            .sql(
                """
                WITH queued AS (
                  SELECT 1
                    FROM undercurrent.background_updates
                   WHERE update_name = :update
                     FOR KEY SHARE
                ), step AS (
                  UPDATE undercurrent.batch_step_execution
                     SET version = version + 1, commit_count = :commits, read_count = :reads,
                         filter_count = :filtered, write_count = :writes,
                         rollback_count = :rollbacks, last_updated = :now
                   WHERE step_execution_id = :id
                     AND version = :version
                     AND EXISTS (SELECT FROM queued)
                  RETURNING step_execution_id
                )
                UPDATE undercurrent.batch_step_execution_context
                   SET short_context = :shortContext, serialized_context = :longContext
                  FROM step
                 WHERE batch_step_execution_context.step_execution_id = step.step_execution_id""")
            .param("update", update.name())
            .param("commits", execution.getCommitCount())
            .param("reads", execution.getReadCount())
            .param("filtered", execution.getFilterCount())
            .param("writes", execution.getWriteCount())
            .param("rollbacks", execution.getRollbackCount())
            .param("now", execution.getLastUpdated())
            .param("id", execution.getId())
            .param("version", execution.getVersion())
            .param("shortContext", shortened(context))
            .param("longContext", context.length() > SHORT_CONTEXT ? context : null)
            .update();
    if (rows == 0) {
      return Optional.of(refusal(execution));
    }
    execution.incrementVersion();
    return Optional.empty();
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

  private String refusal(StepExecution execution) {
    return wishes
        .stopReason(JdbcClient.create(jdbc))
        .filter(Wishes.CANCELLED::equals)
        .orElseThrow(
            () ->
                new OvertakenException(
                    "Expected version %d of the step execution of update '%s', found another"
                        .formatted(execution.getVersion(), update.name())));
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
}
