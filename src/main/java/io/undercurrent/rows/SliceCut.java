package io.undercurrent.rows;

import static java.util.Objects.requireNonNull;

import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.OpenedTransactions;
import io.undercurrent.iteration.Progress;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.page.KeysetChunk;
import io.undercurrent.page.KeysetReader;
import io.undercurrent.quarantine.Quarantine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Cuts what is left of a run into slices: each has the keys after the end of the one before, up to
 * its own end; the last one ends where the run does.
 *
 * @param before the context of the step that has worked on the run in one lane, or an empty one
 */
record SliceCut(UpdateContext update, ChunkedWork work, ExecutionContext before) {

  /** Fewer rows are not worth a step of their own. */
  private static final int LEAST = 100;

  /** The contexts of the slices, at least one. */
  List<ExecutionContext> into(int parts) {
    var context = new ExecutionContext(before);
    Quarantine.countNone(context);
    var chunks = requireNonNull(update.transactions().execute(status -> ask()));
    var reader = chunks.reader();
    try {
      reader.open(context);
      return requireNonNull(transactions(chunks).execute(status -> cut(chunks, context, parts)));
    } finally {
      reader.close();
    }
  }

  /** Why chunks of it cannot be worked on at the same time; empty if they can. */
  Optional<String> dependence() {
    return requireNonNull(
        update.transactions().execute(status -> LaneRule.of(update.jdbc(), ask()).reason()));
  }

  private ChunkComponents ask() {
    limit();
    return ChunkComponents.of(update, work.expand(update.jdbc(), update.values()));
  }

  private TransactionTemplate transactions(ChunkComponents chunks) {
    var patience = timeouts().lock();
    return new OpenedTransactions(
        requireNonNull(update.transactions().getTransactionManager(), "transaction manager"),
        chunks.guard().begin(patience),
        patience);
  }

  private List<ExecutionContext> cut(ChunkComponents chunks, ExecutionContext context, int parts) {
    limit();
    var reader = chunks.reader();
    if (KeysetReader.isFresh(context)) {
      reader.freezeEnd(context);
    }
    var rows = Math.max(1, rows(reader));
    var left = Math.max(1, rows - Progress.of(before).rows());
    var cuts =
        LaneRule.of(update.jdbc(), chunks).reason().isPresent() || reader.exhausted()
            ? List.<List<String>>of()
            : reader.cuts((int) Math.min(parts, Math.max(1, left / LEAST)));
    var slices = new ArrayList<ExecutionContext>();
    var start = reader.chunk().end();
    for (int i = 0; i <= cuts.size(); i++) {
      var end = i < cuts.size() ? cuts.get(i) : null;
      slices.add(slice(reader, context, start, end));
      start = end;
    }
    for (int i = 0; i < slices.size(); i++) {
      // Together they have as many as are left, whatever the division leaves over.
      var share = left * (i + 1) / slices.size() - left * i / slices.size();
      Progress.countAnew(slices.get(i), share);
      slices.get(i).putLong(Checkpoint.ROWS_OF_RUN, rows);
    }
    return slices;
  }

  private long rows(KeysetReader reader) {
    var expected = Progress.of(before).expectedRows();
    return expected == 0 ? reader.expectedRows() : expected;
  }

  private static ExecutionContext slice(
      KeysetReader reader,
      ExecutionContext context,
      @Nullable List<String> start,
      @Nullable List<String> end) {
    var slice = new ExecutionContext(context);
    if (!reader.exhausted()) {
      reader.save(KeysetChunk.endingAt(start), slice);
    }
    if (end != null) {
      slice.putString(Checkpoint.END, Checkpoint.text(end));
    }
    return slice;
  }

  private void limit() {
    update.gate().opening().limit(timeouts());
  }

  private Timeouts timeouts() {
    return Timeouts.ofChunk(update.settings(), Duration.ZERO);
  }
}
