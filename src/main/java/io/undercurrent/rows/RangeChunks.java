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
 * and one statement changes the rows up to there. So that it writes no more rows than it may, a
 * chunk with a filter is a few such ranges; where far fewer rows match, the statement looks for so
 * many first.
 */
final class RangeChunks {

  /** Up to how many times as many keys as rows may be written are walked in ranges. */
  private static final int FEW = 8;

  /** Which share of the rows that may be written is not worth another range. */
  private static final int REST = 10;

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
    var size = bounds.rows();
    return reader.filters() && size > FEW * (long) bounds.written()
        ? few(size, Math.max(1, bounds.written()), reached)
        : many(size, reader.filters() ? Math.max(1, bounds.written()) : size, reached);
  }

  private Done few(int size, int most, Consumer<KeysetChunk> reached) {
    var walk = reader.walk(reader.chunk(), size);
    reached.accept(walk);
    if (walk.rowsWalked() == 0) {
      return Done.nothing(walk);
    }
    var written = writer.writeAtMost(reader.table(), walk, most);
    var last = written.last();
    var chunk = last == null || last.equals(walk.end()) ? walk : reader.walkTo(walk, last);
    reached.accept(chunk);
    return new Done(chunk, written.matching(), written.rows(), written.took());
  }

  private Done many(int size, int most, Consumer<KeysetChunk> reached) {
    var done = Done.nothing(reader.chunk().follow());
    var left = size;
    do {
      var begin = time.nanos();
      var range = reader.walk(done.chunk, (int) Math.min(left, most - done.matching));
      var walking = time.since(begin);
      var chunk = done.chunk.and(range);
      reached.accept(chunk);
      if (range.rowsWalked() == 0) {
        return done.upTo(chunk);
      }
      done = done.plus(chunk, writer.write(reader.table(), range), walking);
      left -= range.rowsWalked();
    } while (left > 0 && !done.chunk.last() && most - done.matching > most / REST);
    return left > 0 && !done.chunk.last() ? done.upTo(done.chunk.ended()) : done;
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
  record Done(KeysetChunk chunk, long matching, ChangedRows changed, Duration writing) {

    static Done nothing(KeysetChunk chunk) {
      return new Done(chunk, 0, ChangedRows.NONE, Duration.ZERO);
    }

    Done upTo(KeysetChunk further) {
      return new Done(further, matching, changed, writing);
    }

    /** The statement walks over the keys as well, which is no writing. */
    Done plus(KeysetChunk further, RangeWriter.Written more, Duration walking) {
      var least = more.took().dividedBy(FEW);
      var alone = more.took().minus(walking);
      return new Done(
          further,
          matching + more.matching(),
          changed.plus(more.rows()),
          writing.plus(alone.compareTo(least) < 0 ? least : alone));
    }
  }
}
