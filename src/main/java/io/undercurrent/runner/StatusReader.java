package io.undercurrent.runner;

import io.undercurrent.chunk.Progress;
import io.undercurrent.database.Database;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import io.undercurrent.queue.Selection.Cause;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.runner.DatabaseStatus.CurrentUpdate;
import io.undercurrent.runner.DatabaseStatus.ProgressView;
import io.undercurrent.runner.DatabaseStatus.RunnerView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;

/** Reads what a database's queue is doing from its rows. */
final class StatusReader {

  /** Made once: each one builds a JSON mapper of its own, which costs more than the queries. */
  private static final JacksonExecutionContextStringSerializer CONTEXTS =
      new JacksonExecutionContextStringSerializer();

  private final Database database;
  private final Owner owner;
  private final Definitions definitions;

  StatusReader(Database database, Owner owner, Definitions definitions) {
    this.database = database;
    this.owner = owner;
    this.definitions = definitions;
  }

  DatabaseStatus read() {
    var lease = lease();
    var selection =
        new UpdateQueue(database).select(update -> definitions.find(update.name()).isPresent());
    var queue = new UpdateQueue(database).list();
    var current =
        queue.stream().filter(update -> update.name().equals(lease.currentUpdate())).findFirst();
    return new DatabaseStatus(
        database.name(),
        null,
        lease.enabled(),
        lease.runner(),
        current.map(update -> current(update, lease, selection)).orElse(null),
        queue.size(),
        queue.isEmpty() ? null : reason(lease, selection));
  }

  private static @Nullable String reason(LeaseRow lease, Selection selection) {
    if (lease.runner() == null) {
      return "Nobody works the queue off. Do it with: run";
    }
    if (!lease.enabled()) {
      return "Background updates are disabled. Enable them with: resume";
    }
    if (selection.next().isPresent()) {
      return null;
    }
    return selection.waiting().stream()
        .filter(waiting -> waiting.cause() != Cause.DEPENDENCY)
        .findFirst()
        .map(waiting -> waiting.update().name() + ": " + waiting.reason())
        .orElse(null);
  }

  private LeaseRow lease() {
    return database
        .jdbc()
        .sql(
            """
            SELECT owner, owner_id, acquired_at, renewed_at, current_update,
                   enabled AND NOT EXISTS (
                     SELECT
                       FROM undercurrent.pauses
                      WHERE update_name IS NULL
                        AND (until IS NULL OR until > clock_timestamp())) AS enabled,
                   owner IS NOT NULL AND expires_at > clock_timestamp() AS live
              FROM undercurrent.lease""")
        .query(this::leaseRow)
        .single();
  }

  private LeaseRow leaseRow(ResultSet row, int number) throws SQLException {
    var runner =
        row.getBoolean("live")
            ? new RunnerView(
                owner.id().equals(row.getString("owner_id")),
                row.getString("owner"),
                row.getObject("acquired_at", OffsetDateTime.class).toInstant(),
                row.getObject("renewed_at", OffsetDateTime.class).toInstant())
            : null;
    return new LeaseRow(runner, row.getBoolean("enabled"), row.getString("current_update"));
  }

  private CurrentUpdate current(QueuedUpdate update, LeaseRow lease, Selection selection) {
    var execution = execution(update);
    var progress = execution.map(Execution::progress).orElse(null);
    var performance = progress == null ? null : progress.performance();
    return new CurrentUpdate(
        update.name(),
        update.job(),
        update.run(),
        state(update, lease, selection),
        performance == null ? 0 : performance.totalItems(),
        progress == null ? 0 : progress.iterations(),
        duration(performance == null ? 0 : performance.totalDurationMs()),
        performance == null ? null : performance.averageItemsPerMs(),
        progress == null || progress.chunkSize() == 0 ? null : progress.chunkSize(),
        progress == null || progress.iterations() == 0 ? null : duration(progress.lastMs()),
        execution.flatMap(StatusReader::progress).orElse(null));
  }

  private static String state(QueuedUpdate update, LeaseRow lease, Selection selection) {
    var waiting =
        selection.waiting().stream()
            .filter(each -> each.update().name().equals(update.name()))
            .map(Selection.Waiting::cause)
            .findFirst();
    if (waiting.isPresent()) {
      return waiting.get().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (!lease.enabled()) {
      return "disabled";
    }
    return lease.runner() == null ? "waiting" : "running";
  }

  private static Duration duration(double ms) {
    return Duration.ofNanos((long) (ms * 1e6));
  }

  private static Optional<ProgressView> progress(Execution execution) {
    var progress = execution.progress();
    if (progress.expectedRows() == 0) {
      return Optional.empty();
    }
    var expected = Math.max(progress.expectedRows(), progress.rows());
    var percent = Math.min(99.9, 100.0 * progress.rows() / expected);
    var basis =
        String.format(
            Locale.ROOT,
            "%,d of about %,d rows (planner's estimate)",
            progress.rows(),
            progress.expectedRows());
    return Optional.of(
        new ProgressView(percent, timeLeft(execution, expected - progress.rows()), basis));
  }

  private static @Nullable Duration timeLeft(Execution execution, long rowsLeft) {
    return execution.rowsRead() == 0
        ? null
        : Duration.ofMillis(execution.elapsedMs() * rowsLeft / execution.rowsRead());
  }

  private Optional<Execution> execution(QueuedUpdate update) {
    return database
        .jdbc()
        .sql(
            """
            SELECT coalesce(context.serialized_context, context.short_context) AS context,
                   step.read_count,
                   (1000 * extract(epoch FROM step.last_updated - step.start_time))::bigint
                     AS elapsed_ms
              FROM undercurrent.batch_job_instance instance
              JOIN undercurrent.batch_job_execution execution USING (job_instance_id)
              JOIN undercurrent.batch_job_execution_params parameter USING (job_execution_id)
              JOIN undercurrent.batch_step_execution step USING (job_execution_id)
              JOIN undercurrent.batch_step_execution_context context USING (step_execution_id)
             WHERE instance.job_name = :update
               AND parameter.parameter_name = 'run'
               AND parameter.parameter_value = :run
             ORDER BY step_execution_id DESC
             LIMIT 1""")
        .param("update", update.name())
        .param("run", String.valueOf(update.run()))
        .query(
            (row, number) ->
                new Execution(
                    progress(row.getString("context")),
                    row.getLong("read_count"),
                    row.getLong("elapsed_ms")))
        .optional();
  }

  private static Progress progress(String context) {
    try {
      return Progress.of(
          CONTEXTS.deserialize(new ByteArrayInputStream(context.getBytes(StandardCharsets.UTF_8))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record LeaseRow(
      @Nullable RunnerView runner, boolean enabled, @Nullable String currentUpdate) {}

  private record Execution(Progress progress, long rowsRead, long elapsedMs) {}
}
