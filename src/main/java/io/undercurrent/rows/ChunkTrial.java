package io.undercurrent.rows;

import io.undercurrent.bean.Row;
import io.undercurrent.failure.ErrorTable;
import io.undercurrent.failure.FailureKind;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.failure.Reaction;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Counts;
import io.undercurrent.iteration.OpenedTransactions;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.page.KeysetChunk;
import io.undercurrent.sql.MeasuredCost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tries single chunks as a run would, but in transactions that are always rolled back. */
final class ChunkTrial implements AutoCloseable {

  /** Has deferred constraints and triggers do their part, as a COMMIT would. */
  private static final String AS_BEFORE_COMMIT = "SET CONSTRAINTS ALL IMMEDIATE";

  private final UpdateContext update;
  private final ChunkComponents components;
  private final boolean writes;
  private final TransactionTemplate transactions;

  /** Of no run: what beans keep is forgotten. */
  private final ExecutionContext context = new ExecutionContext();

  /**
   * Trials of an update.
   *
   * @param writes whether chunks are processed and written, or only read
   */
  ChunkTrial(UpdateContext update, ChunkComponents components, boolean writes) {
    this.update = update;
    this.components = components;
    this.writes = writes;
    var patience = timeouts(Duration.ZERO).lock();
    this.transactions =
        new OpenedTransactions(
            Objects.requireNonNull(update.transactions().getTransactionManager()),
            components.guard().begin(patience),
            patience);
    if (writes) {
      components.openBeans(context);
    }
  }

  private Timeouts timeouts(Duration target) {
    return Timeouts.ofChunk(update.settings(), target);
  }

  /** Works in a transaction that is rolled back. */
  <T> T rolledBack(Supplier<T> work) {
    return rolledBack(transactions, timeouts(Duration.ZERO), work);
  }

  private <T> T rolledBack(Bounds bounds, Supplier<T> work) {
    var timeouts = timeouts(bounds.target);
    return rolledBack(
        transactions, timeouts.ofItems(bounds.items, bounds.target, Duration.ZERO), work);
  }

  private <T> T rolledBack(TransactionTemplate template, Timeouts timeouts, Supplier<T> work) {
    return template.execute(
        status -> {
          status.setRollbackOnly();
          update.gate().opening().limit(timeouts);
          return work.get();
        });
  }

  /** Works in one that begins as any does, before it is known how chunks are read. */
  static <T> T rolledBack(UpdateContext update, Supplier<T> work) {
    PlatformTransactionManager manager =
        Objects.requireNonNull(update.transactions().getTransactionManager());
    return new TransactionTemplate(manager)
        .execute(
            status -> {
              status.setRollbackOnly();
              update.gate().opening().limit(Timeouts.ofChunk(update.settings(), Duration.ZERO));
              return work.get();
            });
  }

  /**
   * Tries the chunk that follows another.
   *
   * @throws RuntimeException if the database has gone
   */
  Trial attempt(KeysetChunk before, Bounds bounds) {
    components.reader().advance(before);
    var reading = new ChunkReading(update, components);
    var begin = update.time().nanos();
    try {
      var work = rolledBack(bounds, () -> work(reading, bounds));
      return new Trial(work.chunk, work.counts, update.time().since(begin), work.writing, null);
    } catch (RuntimeException e) {
      if (ErrorTable.reaction(e) == Reaction.RECONNECT) {
        throw e;
      }
      if (writes) {
        components.reopenBeans(context);
      }
      return new Trial(
          reading.isRead() ? reading.chunk() : before,
          new Counts(0, 0, 0, ChangedRows.NONE),
          update.time().since(begin),
          Duration.ZERO,
          e);
    }
  }

  private Work work(ChunkReading reading, Bounds bounds) {
    var most = components.bounds(bounds.items, bounds.written, bounds.target);
    if (!writes) {
      var chunk = components.reader().next(most);
      return new Work(
          chunk, counts(chunk, chunk.rows().size(), ChangedRows.UNKNOWN), Duration.ZERO);
    }
    var ranges = components.ranges();
    if (ranges != null) {
      var done = reading.work(ranges, most);
      update.jdbc().execute(AS_BEFORE_COMMIT);
      var counts = counts(done.chunk(), done.matching(), done.changed());
      return new Work(done.chunk(), counts, done.writing());
    }
    var output = reading.read(most, bounds.target);
    var begin = update.time().nanos();
    var changed = output.isEmpty() ? ChangedRows.NONE : components.write(output);
    update.jdbc().execute(AS_BEFORE_COMMIT);
    return new Work(
        reading.chunk(),
        counts(reading.chunk(), output.size(), changed),
        update.time().since(begin).plus(reading.processing()));
  }

  private static Counts counts(KeysetChunk chunk, long matching, ChangedRows changed) {
    return new Counts(chunk.items(), chunk.rowsWalked(), matching, changed);
  }

  /**
   * Measures the chunk that follows another, which was not in use just now; that one itself if none
   * does.
   */
  Optional<Measured> cost(KeysetChunk tried, Bounds bounds) {
    try {
      return Optional.of(rolledBack(bounds, () -> measured(tried, bounds)));
    } catch (RuntimeException e) {
      if (ErrorTable.reaction(e) == Reaction.RECONNECT) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Measured measured(KeysetChunk tried, Bounds bounds) {
    var reader = components.reader();
    var most = components.bounds(bounds.items, bounds.written, bounds.target);
    reader.advance(tried);
    var ranges = components.ranges();
    if (ranges != null) {
      return ranges.measure(update.jdbc(), tried, most);
    }
    var chunk = tried.last() ? tried : reader.peek(most);
    chunk = chunk.rowsWalked() == 0 ? tried : chunk;
    var costs = new ArrayList<MeasuredCost>();
    reader.again(chunk).forEach(statement -> costs.add(statement.measure(update.jdbc())));
    if (writes && !chunk.rows().isEmpty()) {
      Chunk<Row> output = components.process(chunk.rows());
      costs.addAll(components.measure(output));
    }
    return new Measured(chunk.rowsWalked(), MeasuredCost.sum(costs));
  }

  /** Why a chunk has failed, with its key where a row is the matter. */
  Failure failure(KeysetChunk before, Bounds bounds, Trial failed) {
    var cause = Objects.requireNonNull(failed.failure);
    var reaction = ErrorTable.reaction(cause);
    if (reaction == Reaction.FIND_ROW || reaction == Reaction.FIND_ITEM) {
      var last = narrowed(before, bounds, failed);
      var row = last.failure == null ? Optional.<KeysetChunk>empty() : nextKey(last.chunk);
      if (row.isPresent() && last.failure != null) {
        return new Failure(sentence(last.failure, "at the key " + row.get().end()), row.get());
      }
    }
    return new Failure(
        sentence(cause, failed.chunk.place()),
        failed.chunk.rowsWalked() == 0 ? null : failed.chunk);
  }

  private static String sentence(RuntimeException cause, String place) {
    return String.valueOf(
        new IterationFailedException(cause, place, FailureKind.of(cause)).getMessage());
  }

  /** Halves the chunk until one row is left: the failure with the chunk before that row. */
  private Trial narrowed(KeysetChunk before, Bounds bounds, Trial failed) {
    var from = before;
    var items = failed.chunk.rowsWalked() > 0 ? failed.chunk.items() : bounds.items;
    var last = failed;
    while (items > 1 && !from.last()) {
      var half = attempt(from, bounds.of((int) (items / 2)));
      if (half.failure == null) {
        from = half.chunk;
        items -= items / 2;
      } else {
        last = half;
        items = items / 2;
      }
    }
    return new Trial(from, last.counts, last.took, last.writing, from.last() ? null : last.failure);
  }

  private Optional<KeysetChunk> nextKey(KeysetChunk before) {
    components.reader().advance(before);
    return Optional.of(rolledBack(() -> components.reader().nextKey()))
        .filter(chunk -> chunk.rowsWalked() > 0);
  }

  @Override
  public void close() {
    if (writes) {
      components.closeBeans();
    }
    components.reader().close();
  }

  /**
   * How large a chunk may be.
   *
   * @param items how many items it may have
   * @param written how many rows it may write
   * @param target how long it is to take
   */
  record Bounds(int items, int written, Duration target) {

    Bounds of(int fewer) {
      return new Bounds(fewer, written, target);
    }
  }

  /**
   * What has come of a chunk.
   *
   * @param chunk the chunk; the one before if it could not be read
   * @param writing how much of the time was not spent on walking
   * @param failure why it cannot be done, or null
   */
  record Trial(
      KeysetChunk chunk,
      Counts counts,
      Duration took,
      Duration writing,
      @Nullable RuntimeException failure) {}

  /** What a chunk costs. */
  record Measured(int walked, MeasuredCost cost) {}

  /**
   * Why a chunk has failed.
   *
   * @param chunk the chunk to go on behind, or null if that is not known
   */
  record Failure(String sentence, @Nullable KeysetChunk chunk) {}

  private record Work(KeysetChunk chunk, Counts counts, Duration writing) {}
}
