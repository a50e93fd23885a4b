package io.undercurrent.rows;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.ErrorTable;
import io.undercurrent.failure.Reaction;
import io.undercurrent.iteration.OnUpdateChunkListener;
import io.undercurrent.iteration.Progress;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.Estimate;
import io.undercurrent.kind.Estimate.Range;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.kind.TriedChunk.Cost;
import io.undercurrent.pace.Pace;
import io.undercurrent.page.KeySample;
import io.undercurrent.page.KeysetChunk;
import io.undercurrent.page.KeysetReader;
import io.undercurrent.rows.ChunkTrial.Bounds;
import io.undercurrent.rows.ChunkTrial.Trial;
import io.undercurrent.sql.MeasuredCost;
import io.undercurrent.stop.StopAtBoundaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.dao.DataAccessException;

/**
 * Tries chunks in equal parts of an update's keys, as large as a run would have them by then; those
 * of a small table one after the other.
 */
final class ChunkDryRun {

  private static final int PARTS = 8;

  /** How often a chunk that is too much is halved. */
  private static final int MOST_HALVES = 3;

  private static final int LEAST_WARMING = 5;
  private static final int MOST_WARMING = 10;
  private static final Duration LONGEST_WARMING = Duration.ofSeconds(2);

  /** A sample of blocks, and the planner's guess about a query. */
  private static final double DOUBT_OF_SAMPLE = 0.15;

  private static final int DOUBT_OF_PLAN = 2;

  private final UpdateContext update;
  private final ChunkComponents components;
  private final ChunkTrial trial;
  private final OnUpdateChunkListener listener;
  private final List<TriedChunk> chunks = new ArrayList<>();
  private final List<String> remarks;
  private Progress progress = Progress.NONE;
  private Pace walking = Pace.UNKNOWN;
  private Pace writing = Pace.UNKNOWN;
  private KeysetChunk at = KeysetChunk.endingAt(null);
  private long walked;
  private final List<Double> densities = new ArrayList<>();
  private @Nullable KeySample sample;
  private boolean skipped;
  private boolean triggers;

  private ChunkDryRun(
      UpdateContext update, ChunkComponents components, ChunkTrial trial, List<String> remarks) {
    this.update = update;
    this.components = components;
    this.trial = trial;
    this.remarks = remarks;
    this.listener =
        new OnUpdateChunkListener(
            update.controller(),
            update.name(),
            update.databaseName(),
            false,
            update.settings().batch(),
            update.stop());
  }

  static DryRun of(UpdateContext update, ChunkedWork work, Consumer<TriedChunk> tried) {
    try {
      var components =
          ChunkTrial.rolledBack(
              update,
              () ->
                  ChunkComponents.of(
                      update,
                      work.expand(update.jdbc(), update.values()),
                      work.byRange(update.jdbc())));
      return of(update, work.frame(), components, tried);
    } catch (RefusedException | DataAccessException e) {
      if (work.frame() == Frame.NONE || SqlFailure.of(e).down()) {
        throw e;
      }
      return DryRun.explained(
          List.of(
              "Its chunks can be tried once it has begun, since they need what is done before the first: %s"
                  .formatted(SqlFailure.of(e).sentence())));
    }
  }

  private static DryRun of(
      UpdateContext update, Frame frame, ChunkComponents components, Consumer<TriedChunk> tried) {
    var remarks = new ArrayList<String>();
    if (frame != Frame.NONE) {
      remarks.add("What it does before its first chunk and after its last was left out.");
    }
    var writes = components.writerBean().isEmpty() && !components.outside();
    if (!writes) {
      remarks.add(
          "Chunks were only read: a bean that works outside of the transaction, or writes by itself, may leave what no rollback undoes. The time that it takes is not in the estimate.");
    }
    try (var trial = new ChunkTrial(update, components, writes)) {
      return new ChunkDryRun(update, components, trial, remarks).run(tried);
    }
  }

  private DryRun run(Consumer<TriedChunk> tried) {
    trial.rolledBack(this::freezeEnd);
    at = reader().chunk();
    sample = sample();
    if (!at.last()) {
      warmUp();
    }
    for (int part = 0; part < PARTS && (part > 0 && isSpread() || !at.last()); part++) {
      seek(part);
      var chunk = next();
      chunks.add(chunk);
      tried.accept(chunk);
    }
    if (chunks.isEmpty()) {
      remarks.add("There is no row to walk along, so nothing was tried.");
    }
    if (!reader().countsRows() && rows().equals(planned())) {
      remarks.add("How many rows there are is the planner's estimate.");
    }
    if (triggers) {
      remarks.add(
          "Triggers or foreign keys fire: what they do is in the times, but not in buffers and WAL.");
    }
    return new DryRun(List.copyOf(chunks), Estimate.of(chunks, rows()), List.copyOf(remarks));
  }

  private KeysetReader reader() {
    return components.reader();
  }

  private boolean freezeEnd() {
    reader().freezeEnd(new ExecutionContext());
    return true;
  }

  private @Nullable KeySample sample() {
    try {
      var sample = trial.rolledBack(() -> reader().sample(PARTS));
      if (sample.isEmpty()) {
        remarks.add(
            "The first chunks were tried, one after the other: the key is not that of one table, of which a sample could say where others begin.");
      }
      return sample.orElse(null);
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (failure.down()) {
        throw e;
      }
      remarks.add(
          "The first chunks were tried, one after the other; a sample of the keys failed: "
              + failure.sentence());
      return null;
    }
  }

  private void seek(int part) {
    if (part > 0 && sample != null && isSpread()) {
      skipped = true;
      at = KeysetChunk.endingAt(sample.keys().get(part - 1));
    }
  }

  /** Whether the parts are so large that a chunk, and the one that follows, end before the next. */
  private boolean isSpread() {
    return sample != null
        && sample.keys().size() == PARTS - 1
        && expected().likely() / PARTS > 2.0 * chunkSize().items();
  }

  private Range rows() {
    return !skipped && at.last() ? Range.exactly(walked) : expected();
  }

  /** How many rows there are, as far as the sample and the chunks so far tell. */
  private Range expected() {
    if (sample == null || !tells(sample)) {
      return planned();
    }
    var rows = Range.exactly(sample.rows());
    var known = sample.exact() ? rows : rows.doubted(DOUBT_OF_SAMPLE);
    return sample.table() == null
        ? known
        : known.times(Range.around(densities).doubted(DOUBT_OF_SAMPLE));
  }

  private boolean tells(KeySample found) {
    return found.table() == null
        ? found.exact() || found.keys().size() == PARTS - 1
        : !densities.isEmpty();
  }

  private Range planned() {
    double rows = trial.rolledBack(reader()::expectedRows);
    if (reader().countsRows()) {
      return Range.exactly(rows);
    }
    return new Range(rows / DOUBT_OF_PLAN, rows, rows * DOUBT_OF_PLAN);
  }

  /** Which share of the table's rows a query has, where a chunk of it was read. */
  private void learnDensity(KeysetChunk chunk) {
    if (sample == null || sample.table() == null || chunk.rowsWalked() == 0) {
      return;
    }
    try {
      var known = sample;
      var rows = trial.rolledBack(() -> known.rowsOfTable(update.jdbc(), chunk));
      if (rows > 0) {
        densities.add((double) chunk.rowsWalked() / rows);
      }
    } catch (DataAccessException e) {
      if (SqlFailure.of(e).down()) {
        throw e;
      }
    }
  }

  /**
   * Tries the first chunk several times, until no larger one fits into its time: what runs for the
   * first time, here and on the server, is slow.
   */
  private void warmUp() {
    entered(
        waited -> {
          var end = update.time().nanos() + LONGEST_WARMING.toNanos();
          var largest = 0;
          for (int i = 0; i < MOST_WARMING && update.time().nanos() < end; i++) {
            var size = chunkSize();
            var bounds = bounds(size);
            var done = trial.attempt(at, bounds);
            learnPace(size, bounds, done);
            var grows = size.items() > largest;
            if (done.failure() != null || i >= LEAST_WARMING && !grows) {
              return null;
            }
            largest = Math.max(largest, size.items());
          }
          return null;
        });
  }

  /** Tries the next chunk where the controller lets it, and goes behind it. */
  private TriedChunk next() {
    return entered(waited -> next(chunkSize(), waited));
  }

  private <T extends @Nullable Object> T entered(Function<Duration, T> work) {
    var begin = update.time().nanos();
    listener.beforeChunk(Chunk.of());
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw new StopAtBoundaryException("interrupted");
      }
      return work.apply(update.time().since(begin));
    } finally {
      listener.leave(null);
    }
  }

  private ChunkSize chunkSize() {
    return listener.chunkSize(progress, walking);
  }

  private Bounds bounds(ChunkSize size) {
    var written = reader().filters() ? listener.mostWritten(writing) : Integer.MAX_VALUE;
    return new Bounds(size.items(), written, listener.target());
  }

  private TriedChunk next(ChunkSize size, Duration waited) {
    var bounds = bounds(size);
    var before = at;
    var done = trial.attempt(before, bounds);
    for (int half = 0; half < MOST_HALVES && isTooMuch(done) && bounds.items() > 1; half++) {
      bounds = bounds.of(bounds.items() / 2);
      done = trial.attempt(before, bounds);
    }
    learnPace(size, bounds, done);
    return done.failure() == null
        ? succeeded(before, bounds, done, waited)
        : failed(before, bounds, done, waited);
  }

  /** By the last chunk alone: a run has hundreds to come by the same. */
  private void learnPace(ChunkSize size, Bounds bounds, Trial done) {
    if (done.counts().items() > 0) {
      progress = Progress.NONE.with(done.counts(), size.atMost(bounds.items()), done.took());
      walking = Pace.UNKNOWN.plus(done.counts().items(), done.took());
    }
    if (done.counts().matching() > 0) {
      writing = Pace.UNKNOWN.plus(done.counts().matching(), done.writing());
    }
  }

  private static boolean isTooMuch(Trial done) {
    return done.failure() != null && ErrorTable.reaction(done.failure()) == Reaction.SMALLER;
  }

  private TriedChunk succeeded(KeysetChunk before, Bounds bounds, Trial done, Duration waited) {
    at = done.chunk();
    walked += done.counts().walked();
    learnDensity(done.chunk());
    var cost = trial.cost(done.chunk(), bounds);
    triggers |= cost.filter(measured -> measured.cost().triggers()).isPresent();
    return tried(before, bounds, done, waited, null)
        .with(cost.map(measured -> cost(measured.walked(), measured.cost())).orElse(null));
  }

  private static Cost cost(long walked, MeasuredCost cost) {
    return new Cost(walked, cost.buffers(), cost.wal());
  }

  private TriedChunk failed(KeysetChunk before, Bounds bounds, Trial done, Duration waited) {
    var failure = trial.failure(before, bounds, done);
    at = Optional.ofNullable(failure.chunk()).orElse(before.nothing());
    skipped = true;
    return tried(before, bounds, done, waited, failure.sentence());
  }

  private static TriedChunk tried(
      KeysetChunk before, Bounds bounds, Trial done, Duration waited, @Nullable String error) {
    var counts = done.counts();
    return new TriedChunk(
        before.end(),
        bounds.items(),
        counts.walked(),
        counts.matching(),
        counts.changed().total(),
        done.took(),
        waited,
        null,
        error);
  }
}
