package io.undercurrent.runner;

import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.IterationGate;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A runner's part in each iteration's transaction, which its fence has begun. */
final class RunnerGate implements IterationGate {

  /** What Spring Batch's SHORT_CONTEXT holds; more goes into SERIALIZED_CONTEXT as well. */
  private static final int SHORT_CONTEXT = 2500;

  /** What the network may add to a statement's own timeout before the connection counts as dead. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  private static final ExecutionContextSerializer SERIALIZER =
      new JacksonExecutionContextStringSerializer();

  private static final Logger log = LoggerFactory.getLogger(RunnerGate.class);

  private final JdbcTemplate jdbc;
  private final Wishes wishes;
  private final UpdateQueue queue;
  private final QueuedUpdate update;
  private final String rowSecurity;
  private final Clock clock;
  private boolean failuresForgotten;
  private volatile @Nullable PGConnection session;

  RunnerGate(
      JdbcTemplate jdbc,
      Wishes wishes,
      UpdateQueue queue,
      QueuedUpdate update,
      UpdateDefinition definition,
      Clock clock) {
    this.jdbc = jdbc;
    this.wishes = wishes;
    this.queue = queue;
    this.update = update;
    this.clock = clock;
    this.rowSecurity = SessionSettings.rowSecurity(definition);
    this.failuresForgotten = update.failuresInRow() == 0;
  }

  @Override
  public Optional<String> open(Timeouts timeouts) {
    jdbc.execute((ConnectionCallback<Boolean>) connection -> prepare(connection, timeouts));
    return JdbcClient.create(jdbc)
        .sql(
            """
            SELECT set_config('lock_timeout', :lock, true),
                   set_config('statement_timeout', :statement, true),
                   set_config('idle_in_transaction_session_timeout', :idle, true),
                   -- compiling a chunk's plan takes longer than running it
                   set_config('jit', 'off', true),
                   set_config('row_security', :rowSecurity, true),
                   """
                + SessionSettings.UNSAFE_SETTING
                + " AS unsafe, "
                + Wishes.STOP_REASON
                + " AS reason")
        .param("lock", ms(timeouts.lock()))
        .param("statement", ms(timeouts.statement()))
        .param("idle", ms(timeouts.idle()))
        .param("rowSecurity", rowSecurity)
        .params(wishes.parameters())
        .query(RunnerGate::reason)
        .single();
  }

  private static Optional<String> reason(ResultSet row, int number) throws SQLException {
    var unsafe = row.getString("unsafe");
    if (unsafe != null) {
      throw new RefusedException(unsafe);
    }
    return Optional.ofNullable(row.getString("reason"));
  }

  private static String ms(Duration duration) {
    return String.valueOf(duration.toMillis());
  }

  private boolean prepare(Connection connection, Timeouts timeouts) throws SQLException {
    session = connection.unwrap(PGConnection.class);
    var unlimited = timeouts.statement().isZero();
    var network = unlimited ? Duration.ZERO : timeouts.statement().plus(SLACK);
    connection.setNetworkTimeout(Runnable::run, (int) network.toMillis());
    return true;
  }

  @Override
  public Optional<String> save(StepExecution execution) {
    if (!failuresForgotten) {
      queue.forgetFailures(update.name(), update.run());
      failuresForgotten = true;
    }
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

  @Override
  public void cancel() {
    var executing = session;
    try {
      if (executing != null) {
        executing.cancelQuery();
      }
    } catch (SQLException e) {
      log.warn("Could not cancel a statement of update '{}'", update.name(), e);
    }
  }

  private String refusal(StepExecution execution) {
    return wishes
        .stopReason(JdbcClient.create(jdbc))
        .filter(Wishes.CANCELLED::equals)
        .orElseThrow(
            () ->
                new OptimisticLockingFailureException(
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
