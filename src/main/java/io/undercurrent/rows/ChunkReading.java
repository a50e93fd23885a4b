package io.undercurrent.rows;

import static java.util.Objects.requireNonNull;

import io.undercurrent.bean.Processed;
import io.undercurrent.bean.Processing;
import io.undercurrent.bean.Row;
import io.undercurrent.failure.BeanFailedException;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.page.ChunkBounds;
import io.undercurrent.page.KeysetChunk;
import io.undercurrent.page.KeysetReader;
import io.undercurrent.rows.RangeChunks.Done;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.dao.DataAccessException;

/**
 * Reads the chunk of one try, and has a bean process it: in the transaction, or ahead of it, and
 * then only what is still as the bean has seen it is written. The chunk ends where the bean has no
 * more time, and before the row on which it fails.
 */
final class ChunkReading {

  private final UpdateContext update;
  private final KeysetReader reader;
  private final @Nullable Processing processing;
  private final boolean outside;
  private KeysetChunk chunk;
  private boolean read;
  private @Nullable KeysetChunk ahead;
  private @Nullable List<String> upTo;
  private boolean timeWasUp;
  private Duration took = Duration.ZERO;

  ChunkReading(UpdateContext update, ChunkComponents components) {
    this.update = update;
    this.reader = components.reader();
    this.processing = components.processing();
    this.outside = components.outside();
    this.chunk = reader.chunk().follow();
  }

  /** Whether the key is the next one. */
  boolean isNext(List<String> key) {
    var next = reader.nextKey();
    var is = key.equals(next.end());
    chunk = is ? next : chunk;
    return is;
  }

  /** Reads and processes the chunk with no transaction open while the bean works. */
  void ahead(ChunkBounds bounds, Duration target) {
    var found = requireNonNull(update.transactions().execute(status -> peek(bounds, target)));
    var bean = requireNonNull(processing, "processing");
    chunk = found;
    read = true;
    process(bean, found.rows(), target);
    ahead = found;
    upTo = end(found, bean.of(found.rows()));
  }

  private KeysetChunk peek(ChunkBounds bounds, Duration target) {
    update.gate().opening().limit(Timeouts.ofChunk(update.settings(), target));
    return reader.peek(bounds);
  }

  /** Up to which key the chunk is to be read again; null for all that is left. */
  private @Nullable List<String> end(KeysetChunk found, Processed done) {
    if (done.rows() == found.rows().size()) {
      return found.last() ? null : found.end();
    }
    timeWasUp = done.failure() == null;
    return reader.key(found.rows().get(timeWasUp ? done.rows() - 1 : done.rows()));
  }

  /** Whether there is something that a bean has done and that is not written yet. */
  boolean isAhead() {
    return ahead != null && !ahead.rows().isEmpty();
  }

  /**
   * Reads the chunk within the transaction.
   *
   * @return what is to be written of it
   * @throws BeanFailedException if the bean fails on its first row
   */
  Chunk<Row> read(ChunkBounds bounds, Duration target) {
    chunk = reader.next(bounds, upTo);
    read = true;
    if (processing == null) {
      return new Chunk<>(chunk.rows());
    }
    if (!outside) {
      processing.forget();
      process(processing, chunk.rows(), target);
      requireBelow(Timeouts.ofChunk(update.settings(), target).idle(), processing);
    }
    var done = processing.of(chunk.rows());
    if (done.rows() < chunk.rows().size()) {
      endBefore(done, processing);
    }
    return done.output();
  }

  /** Works the chunk off within the transaction, whose keys stay in the server. */
  Done work(RangeChunks ranges, ChunkBounds bounds) {
    var done =
        ranges.work(
            bounds,
            reached -> {
              chunk = reached;
              read = true;
            });
    chunk = done.chunk();
    return done;
  }

  private void process(Processing bean, List<Row> rows, Duration target) {
    var begin = update.time().nanos();
    bean.process(rows, target, () -> update.stop().reason() != null);
    took = update.time().since(begin);
  }

  /** The server has ended the session of a transaction that was idle for so long. */
  private void requireBelow(Duration idle, Processing bean) {
    if (took.compareTo(idle) < 0) {
      return;
    }
    chunk = asFarAs(bean.of(chunk.rows()).rows());
    throw new BeanFailedException(
        bean.bean(),
        "took %d ms with the transaction open, which the server ends after %d ms without a statement. Have it work before the transaction: process: {bean: %s, outside-transaction: true}"
            .formatted(took.toMillis(), idle.toMillis(), bean.bean()),
        null);
  }

  private KeysetChunk asFarAs(int rows) {
    try {
      return rows == 0 ? chunk : reader.cut(chunk, rows);
    } catch (DataAccessException e) {
      return chunk;
    }
  }

  /** Ends the chunk before the first row that cannot be written. */
  private void endBefore(Processed done, Processing bean) {
    var found = chunk;
    chunk = reader.before(found, done.rows());
    if (chunk.rowsWalked() > 0) {
      return;
    }
    var first = found.rows().get(0);
    if (done.failure() != null) {
      chunk = reader.cut(found, 1);
      throw done.failure();
    }
    if (wasSeen(first)) {
      chunk = reader.cut(found, 1);
      throw new IllegalStateException(
          "expected the row to stay as it was while bean '%s' worked on it, found it changed. Where the application changes it all the time, leave out 'outside-transaction'; it is locked then"
              .formatted(bean.bean()));
    }
  }

  private boolean wasSeen(Row row) {
    var key = reader.key(row);
    return ahead != null && ahead.rows().stream().map(reader::key).anyMatch(key::equals);
  }

  void committed() {
    reader.advance(chunk);
    if (processing != null) {
      processing.forget(chunk.rows());
    }
  }

  KeysetChunk chunk() {
    return chunk;
  }

  boolean isRead() {
    return read;
  }

  boolean wasCut() {
    return timeWasUp || chunk.cut();
  }

  /** How long the bean has worked. */
  Duration processing() {
    return took;
  }
}
