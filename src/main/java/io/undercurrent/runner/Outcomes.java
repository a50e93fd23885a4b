package io.undercurrent.runner;

import static java.util.stream.Collectors.joining;

import io.undercurrent.execution.ExecutionFailure;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.execution.UnknownOutcomeException;
import io.undercurrent.failure.BackOff;
import io.undercurrent.failure.FailureKind;
import io.undercurrent.iteration.Progress;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.LockWait;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.Lane;
import io.undercurrent.status.RunReader;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobExecution;

/** Writes into the queue what became of executions. */
public final class Outcomes {

  private static final Logger log = LoggerFactory.getLogger(Outcomes.class);

  private final String databaseName;
  private final FencedPool pool;
  private final UpdateQueue queue;
  private final RunnerListener listener;

  Outcomes(String databaseName, FencedPool pool, UpdateQueue queue, RunnerListener listener) {
    this.databaseName = databaseName;
    this.pool = pool;
    this.queue = queue;
    this.listener = listener;
  }

  /**
   * An execution has ended.
   *
   * @param wait what the runner waited for just now, or null
   * @throws UnknownOutcomeException if only the database knows how
   */
  void ended(
      QueuedUpdate update, DefinedUpdate defined, JobExecution execution, @Nullable LockWait wait) {
    switch (execution.getStatus()) {
      case COMPLETED -> complete(update, warning(update, defined));
      case FAILED -> failedUnlessCancelled(update, ExecutionFailure.of(execution).waitingFor(wait));
      case STOPPED -> {}
      default -> throw new UnknownOutcomeException(update, ExecutionFailure.of(execution));
    }
  }

  /** An earlier execution has left nothing to do. */
  void wasComplete(QueuedUpdate update, DefinedUpdate defined) {
    complete(update, warning(update, defined));
  }

  /** What all of its steps have come to, those of earlier executions included. */
  private Progress progress(QueuedUpdate update) {
    var run = RunReader.last(pool.client(), update.name(), update.run());
    return Progress.together(run.lanes().stream().map(Lane::progress).toList());
  }

  /** What an operator should look at although the run is completed. */
  private @Nullable String warning(QueuedUpdate update, DefinedUpdate defined) {
    var warning =
        Stream.concat(
                putAside(update).stream(),
                defined.definition().work().doubt(progress(update)).stream())
            .collect(joining(". "));
    return warning.isEmpty() ? null : warning;
  }

  private Optional<String> putAside(QueuedUpdate update) {
    var rows = new QuarantineTable(pool.client()).count(update.name(), update.run());
    return rows == 0
        ? Optional.empty()
        : Optional.of(
            "%s put into quarantine. See what is left there with: quarantine %s"
                .formatted(rows == 1 ? "1 row was" : rows + " rows were", update.name()));
  }

  private void complete(QueuedUpdate update, @Nullable String warning) {
    queue.complete(update.name(), update.run(), warning);
    log.info("Update {} on {} is completed (run {})", update.name(), databaseName, update.run());
    if (warning != null) {
      log.warn("Update {} on {}: {}", update.name(), databaseName, warning);
    }
  }

  /** A REPEATABLE READ iteration fails on the row that a cancellation has deleted. */
  private void failedUnlessCancelled(QueuedUpdate update, ExecutionFailure failure) {
    if (queue.find(update.name()).filter(queued -> queued.run() == update.run()).isPresent()) {
      failed(update, failure);
    } else {
      log.info("Update {} on {} was cancelled", update.name(), databaseName);
    }
  }

  /** Counts a failure, so that an update cannot end its session again and again without end. */
  void failed(QueuedUpdate update, ExecutionFailure failure) {
    listener.failed(databaseName, update.name());
    pool.transactions()
        .executeWithoutResult(
            status -> {
              var failures = queue.find(update.name()).map(QueuedUpdate::failuresInRow).orElse(0);
              var counts = failure.kind() != FailureKind.PASSING;
              var backOff = BackOff.after(counts ? failures + 1 : failures, failure.kind());
              queue.failed(
                  update.name(),
                  update.run(),
                  failure.message(),
                  failure.sqlState(),
                  backOff.orElse(null),
                  counts);
              log.warn(
                  "Update {} on {} failed ({} in a row), {}: {}",
                  update.name(),
                  databaseName,
                  counts ? failures + 1 : failures,
                  backOff.map(time -> "again in " + time.toSeconds() + " s").orElse("given up"),
                  failure.message());
            });
  }
}
