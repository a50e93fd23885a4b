package io.undercurrent.page;

import io.undercurrent.bean.Row;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.sql.BoundSql;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads rows in key order, a chunk at a time. It stays where it is until it is told to {@link
 * #advance}, so that a chunk whose transaction was rolled back is read again.
 *
 * <p>Its position is the last key of the last chunk, in the step's execution context. So is the key
 * that was the last of its walk when the run began: rows that are inserted after it do not belong
 * to the run, the run's own ones included. A walk from the greatest key down also keeps where it
 * began. The context of a run that an older version began has no such end; that run ends where no
 * key follows.
 */
public final class KeysetReader {

  private final JdbcTemplate jdbc;

  private KeysetPages pages;
  private KeysetChunk chunk = KeysetChunk.endingAt(null);

  public KeysetReader(JdbcTemplate jdbc, KeysetPages pages) {
    this.jdbc = jdbc;
    this.pages = pages;
  }

  public void open(ExecutionContext context) {
    var position = Checkpoint.position(context.toMap());
    var begin = Checkpoint.begin(context.toMap());
    var end = Checkpoint.end(context.toMap());
    chunk = KeysetChunk.endingAt(position);
    if (isFresh(context)) {
      return;
    }
    // A run that an older version began has no axis.
    var before = context.getString(Checkpoint.AXIS, pages.axis());
    if (!before.equals(pages.axis())) {
      throw new RefusedException(
          "expected to read %s, as when this run began, found %s. Put that back, or begin a new run with: cancel and start"
              .formatted(before, pages.axis()));
    }
    requireKeyOf(position);
    requireKeyOf(end);
    pages.open(context);
    pages = pages.with(pages.sql().between(begin, end));
  }

  private void requireKeyOf(@Nullable List<String> key) {
    var columns = pages.sql().keyColumns();
    if (key != null && key.size() != columns) {
      throw new RefusedException(
          "expected the key %s to have the columns that it had when this run began, found the position %s. Put the key back, or begin a new run with: cancel and start"
              .formatted(pages.names().subList(0, columns), key));
    }
  }

  /** Whether a run has not begun to read, so that its end is still to be looked up. */
  public static boolean isFresh(ExecutionContext context) {
    return !context.containsKey(Checkpoint.POSITION) && !context.containsKey(Checkpoint.END);
  }

  /**
   * Looks up where the run begins and ends, and notes it; where there is nothing, all is read
   * already.
   */
  public void freezeEnd(ExecutionContext context) {
    var frozen = pages.frozen(jdbc);
    if (frozen.isEmpty()) {
      chunk = chunk.nothing();
      return;
    }
    pages = frozen.get();
    save(chunk, context);
  }

  /** Looks at what no statement can check, before a run begins, with no transaction open. */
  public void survey() {
    pages.survey(jdbc);
  }

  /** Lets go of a file; it is opened again when it is read. */
  public void close() {
    pages.close();
  }

  /** Whether it knows how many rows there are, rather than estimates it. */
  public boolean countsRows() {
    return pages instanceof CsvPages;
  }

  /** How many keys the run walks over, by the planner's estimate where they are not counted. */
  public long expectedRows() {
    return pages.expectedRows(jdbc);
  }

  /** Whether it leaves out keys that it walks over. */
  public boolean filters() {
    return pages instanceof TablePages table && table.filter() != null;
  }

  /** Reads the chunk after the position, within the transaction. */
  public KeysetChunk next(ChunkBounds bounds) {
    return pages.read(jdbc, chunk, bounds);
  }

  /** Reads the same chunk without locking its rows: what it has is looked at again later. */
  public KeysetChunk peek(ChunkBounds bounds) {
    return pages.with(pages.sql().locking("")).read(jdbc, chunk, bounds);
  }

  /**
   * Reads the chunk after the position, within the transaction.
   *
   * @param upTo the key that it ends with at most, or null for none
   */
  public KeysetChunk next(ChunkBounds bounds, @Nullable List<String> upTo) {
    return upTo == null
        ? next(bounds)
        : pages.with(pages.sql().upTo(upTo)).read(jdbc, chunk, bounds).more();
  }

  /**
   * Walks over the keys after a chunk, of a table, without reading their rows: the chunk has none.
   */
  public KeysetChunk walk(KeysetChunk before, int size) {
    return table().walk(jdbc, before, size);
  }

  /** The same walk, but only up to a key; so many of its rows are deleted by now. */
  public KeysetChunk walkTo(KeysetChunk walked, List<String> key, int deleted) {
    return table().walkTo(jdbc, walked, key, deleted);
  }

  /** The pages of the table that it reads, from where to where the run goes. */
  public TablePages table() {
    return (TablePages) pages;
  }

  /** The same chunk, but up to one of its rows. */
  public KeysetChunk cut(KeysetChunk read, int rows) {
    return rows == read.rows().size() ? read : pages.cut(jdbc, read, rows);
  }

  /** The same chunk, but up to the key before one of its rows. */
  public KeysetChunk before(KeysetChunk read, int row) {
    return pages.before(jdbc, read, row);
  }

  /** The key of a row. */
  public List<String> key(Row row) {
    return new KeysetRows(jdbc, pages.sql()).key(row);
  }

  /** Reads the key after the position, within the transaction, as a chunk that writes nothing. */
  public KeysetChunk nextKey() {
    return pages.nextKey(jdbc, chunk);
  }

  /** The statements that read a chunk again, with its locks. */
  public List<BoundSql> again(KeysetChunk read) {
    return pages.again(read);
  }

  /** Keys that part what is read into equal parts, by a sample; nothing where none can be taken. */
  public Optional<KeySample> sample(int parts) {
    return pages.sample(jdbc, parts);
  }

  /**
   * Keys at which what is left can be cut, in the order of the walk: each is the last of one part,
   * and the next one begins after it.
   *
   * @param parts how many parts there are to be at most
   */
  public List<List<String>> cuts(int parts) {
    return new KeyCuts(jdbc, pages, chunk.end()).into(parts);
  }

  /** Reads the row with a key, wherever the position is, within the transaction. */
  public List<Row> only(List<String> key) {
    return pages.only(jdbc, key);
  }

  /** What a position is a position on. */
  public String axis() {
    return pages.axis();
  }

  /** Has its position be the end of that chunk, which is committed. */
  public void advance(KeysetChunk committed) {
    chunk = committed;
  }

  /** The last chunk that was committed. */
  public KeysetChunk chunk() {
    return chunk;
  }

  /** Whether nothing follows the last chunk that was committed. */
  public boolean exhausted() {
    return chunk.last();
  }

  /** Writes where the run is with a chunk. */
  public void save(KeysetChunk with, ExecutionContext context) {
    var position = with.end();
    var first = pages.sql().range().first();
    var last = pages.sql().range().last();
    if (position != null) {
      context.putString(Checkpoint.POSITION, Checkpoint.text(position));
    }
    if (first != null) {
      context.putString(Checkpoint.BEGIN, Checkpoint.text(first));
    }
    if (last != null) {
      context.putString(Checkpoint.END, Checkpoint.text(last));
    }
    if (position != null || last != null) {
      context.putString(Checkpoint.AXIS, pages.axis());
      pages.save(context);
    }
  }
}
