package io.undercurrent.rows;

import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Checkpoint;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads rows in key order, a chunk at a time; {@link #read} returns null at the end of the chunk,
 * and {@link #exhausted} says whether that was the end of all.
 *
 * <p>Its position is the last key of the last chunk, in the step's execution context. So is the key
 * that was the greatest when the run began: rows that are inserted after it do not belong to the
 * run, the run's own ones included. The context of a run that an older version began has no such
 * end; that run ends where no key follows.
 */
final class KeysetReader implements ItemStreamReader<Row> {

  private static final String AXIS = "undercurrent.axis";

  private final JdbcTemplate jdbc;

  private KeysetPages pages;
  private KeysetChunk chunk = KeysetChunk.endingAt(null);
  private Iterator<Row> rows = Collections.emptyIterator();

  KeysetReader(JdbcTemplate jdbc, KeysetPages pages) {
    this.jdbc = jdbc;
    this.pages = pages;
  }

  @Override
  public void open(ExecutionContext context) {
    var position = Checkpoint.position(context.toMap());
    var end = Checkpoint.end(context.toMap());
    chunk = KeysetChunk.endingAt(position);
    if (isFresh(context)) {
      return;
    }
    // A run that an older version began has no axis.
    var before = context.getString(AXIS, pages.axis());
    if (!before.equals(pages.axis())) {
      throw new RefusedException(
          "expected to read %s, as when this run began, found %s. Put that back, or begin a new run with: cancel and start"
              .formatted(before, pages.axis()));
    }
    requireKeyOf(position);
    requireKeyOf(end);
    if (end != null) {
      endAt(end);
    }
  }

  private void requireKeyOf(@Nullable List<String> key) {
    var columns = pages.sql().keyColumns();
    if (key != null && key.size() != columns) {
      throw new RefusedException(
          "expected the key %s to have the columns that it had when this run began, found the position %s. Put the key back, or begin a new run with: cancel and start"
              .formatted(pages.names().subList(0, columns), key));
    }
  }

  private void endAt(List<String> key) {
    pages = pages.with(pages.sql().upTo(key));
  }

  /** Whether a run has not begun to read, so that its end is still to be looked up. */
  static boolean isFresh(ExecutionContext context) {
    return !context.containsKey(Checkpoint.POSITION) && !context.containsKey(Checkpoint.END);
  }

  /** Looks up where the run ends, and notes it; where there is nothing, all is read already. */
  void freezeEnd(ExecutionContext context) {
    var found = new KeysetRows(jdbc, pages.sql());
    var greatest = found.keys(pages.sql().greatest());
    if (greatest.isEmpty()) {
      chunk = chunk.nothing();
      return;
    }
    var end = found.key(greatest.get(0));
    if ("true".equals(found.afterKey(greatest.get(0)))) {
      throw new IllegalStateException(
          "expected the greatest key to be %s, found one beyond it: its text form stands for another value. Name another key"
              .formatted(end));
    }
    endAt(end);
    update(context);
  }

  /** Reads the next chunk of at most so many items, within the iteration's transaction. */
  void beginChunk(int size) {
    chunk = pages.read(jdbc, chunk, size);
    rows = chunk.rows().iterator();
  }

  /** The chunk that was begun last. */
  KeysetChunk chunk() {
    return chunk;
  }

  @Override
  public @Nullable Row read() {
    return rows.hasNext() ? rows.next() : null;
  }

  /** Whether nothing follows the chunk that was begun last. */
  boolean exhausted() {
    return chunk.last();
  }

  @Override
  public void update(ExecutionContext context) {
    var position = chunk.end();
    var last = pages.sql().last();
    if (position != null) {
      context.putString(Checkpoint.POSITION, Checkpoint.text(position));
    }
    if (last != null) {
      context.putString(Checkpoint.END, Checkpoint.text(last));
    }
    if (position != null || last != null) {
      context.putString(AXIS, pages.axis());
    }
  }
}
