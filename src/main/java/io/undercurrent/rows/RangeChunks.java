package io.undercurrent.rows;

import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.page.ChunkBounds;
import io.undercurrent.page.KeysetChunk;
import io.undercurrent.page.KeysetReader;
import io.undercurrent.rows.ChunkTrial.Measured;
import io.undercurrent.sql.MeasuredCost;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Works off chunks whose keys stay in the server: a walk over the keys finds where the chunk ends,
 * and one statement changes the rows up to there. Where more keys are walked than rows may be
 * written, it looks for that many matching rows first, and the chunk ends with the last of them.
 */
final class RangeChunks {

  /** Which share of what a statement takes is writing at least, whatever the walk took. */
  private static final int LEAST_WRITING = 8;

  private final KeysetReader reader;
  private final RangeWriter writer;
  private final TimeSource time;

  RangeChunks(KeysetReader reader, RangeWriter writer, TimeSource time) {
    this.reader = reader;
    this.writer = writer;
    this.time = time;
  }

  /**
   * Works off the chunk that follows the last committed one, within the transaction.
   *
   * @param reached learns of each range before it is written
   */
  Done work(ChunkBounds bounds, Consumer<KeysetChunk> reached) {
    var begin = time.nanos();
    var walk = reader.walk(reader.chunk(), bounds.rows());
    var walking = time.since(begin);
    reached.accept(walk);
    if (walk.rowsWalked() == 0) {
      return new Done(walk, 0, ChangedRows.NONE, Duration.ZERO);
    }
    return reader.filters() && walk.rowsWalked() > bounds.written()
        ? first(Math.max(1, bounds.written()), walk, reached)
        : all(walk, walking);
  }

  private Done all(KeysetChunk walk, Duration walking) {
    var written = writer.write(reader.table(), walk);
    // The statement walks over the keys as well, which is no writing.
    var alone = written.took().minus(walking);
    var least = written.took().dividedBy(LEAST_WRITING);
    return new Done(
        walk, written.matching(), written.rows(), alone.compareTo(least) < 0 ? least : alone);
  }

  private Done first(int most, KeysetChunk walk, Consumer<KeysetChunk> reached) {
    var written = writer.writeAtMost(reader.table(), walk, most);
    var last = written.last();
    var deleted = writer.deletes() ? (int) written.changed() : 0;
    var chunk = last == null || last.equals(walk.end()) ? walk : reader.walkTo(walk, last, deleted);
    reached.accept(chunk);
    return new Done(chunk, written.matching(), written.rows(), written.took());
  }

  /** Says what the range after a chunk costs, or that chunk itself if it is the last. */
  Measured measure(JdbcTemplate jdbc, KeysetChunk tried, ChunkBounds bounds) {
    var size = Math.max(1, Math.min(bounds.rows(), bounds.written()));
    var walk = tried.last() ? tried : reader.walk(tried, size);
    var pages = reader.table();
    var costs = new ArrayList<MeasuredCost>();
    costs.add(pages.sql().nth(walk.start(), Math.max(1, walk.rowsWalked())).measure(jdbc));
    if (walk.rowsWalked() > 0) {
      costs.add(writer.statement(pages, walk).measure(jdbc));
    }
    return new Measured(walk.rowsWalked(), MeasuredCost.sum(costs));
  }

  /**
   * A chunk that was worked off.
   *
   * @param matching how many of its rows match the filter
   * @param writing how long it took to change them, as opposed to walking
   */
  record Done(KeysetChunk chunk, long matching, ChangedRows changed, Duration writing) {}
}
