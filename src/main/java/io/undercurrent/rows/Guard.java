package io.undercurrent.rows;

import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.page.KeysetPages;
import io.undercurrent.page.Read;
import io.undercurrent.page.RowLocks;
import io.undercurrent.rows.ReadWrite.Write;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How an update reads, so that it misses nothing that is there and overwrites nothing that others
 * commit between its read and its write.
 *
 * @param pages the pages that it reads
 * @param repeatable whether its transactions are REPEATABLE READ: a row that others have changed
 *     since the read then fails the iteration, which is tried again
 * @param footprint what it touches
 * @param settings SQL that makes its transactions' settings
 */
record Guard(KeysetPages pages, boolean repeatable, Footprint footprint, String settings) {

  private static final Optional<KeysetPages> NOT_POSSIBLE = Optional.empty();

  /**
   * Rows that are read and changed are locked as they are read, which waits for others that change
   * them and looks at them again. Where that is not possible, or would lock rows of other tables as
   * well, the iterations are REPEATABLE READ.
   *
   * @throws RefusedException if the role lacks the privilege to lock
   */
  public static Guard of(
      JdbcTemplate jdbc, ReadWrite work, KeysetPages pages, Map<String, Object> values) {
    var footprint = Footprint.of(jdbc, work, pages, values);
    var pruning = footprint.readTrees().isEmpty() ? pages : pages.with(pages.sql().pruning());
    if (!pages.sql().lock().isEmpty() || isSafe(work, footprint)) {
      return new Guard(pruning, false, footprint, "");
    }
    var locking = locking(jdbc, work, pruning, footprint);
    return new Guard(locking.orElse(pruning), locking.isEmpty(), footprint, "");
  }

  /**
   * The same for a single statement that looks at each row again as it changes it: it waits for
   * others itself.
   */
  Guard ofOneStatement(String settings) {
    return new Guard(pages.with(pages.sql().locking("")), false, footprint, settings);
  }

  /**
   * Nothing changes what is read; or a single statement finds a row by its key and changes it, and
   * it is no matter if it is gone.
   */
  private static boolean isSafe(ReadWrite work, Footprint footprint) {
    if (work.write() instanceof Write.Bean) {
      return false;
    }
    var readsOnlyKeys =
        footprint.read().plain()
            && !(work.read() instanceof Read.Table table && table.where() != null);
    return Collections.disjoint(footprint.changed(), footprint.read().read())
        || readsOnlyKeys
            && work.process() == null
            && (work.expect() == null || work.expect().least() == 0)
            && footprint.writes().size() == 1;
  }

  private static Optional<KeysetPages> locking(
      JdbcTemplate jdbc, ReadWrite work, KeysetPages pages, Footprint footprint) {
    var read = footprint.read().read();
    if (work.write() instanceof Write.Bean) {
      return read.size() == 1 ? lockingIfAllowed(jdbc, pages) : NOT_POSSIBLE;
    }
    return footprint.changed().containsAll(read) ? RowLocks.tryOn(jdbc, pages) : NOT_POSSIBLE;
  }

  /** A bean may well write elsewhere only, with a role that may do no more. */
  private static Optional<KeysetPages> lockingIfAllowed(JdbcTemplate jdbc, KeysetPages pages) {
    try {
      return RowLocks.tryOn(jdbc, pages);
    } catch (RefusedException e) {
      return NOT_POSSIBLE;
    }
  }

  /**
   * What a transaction begins with. It makes others wait that move rows from one partition to
   * another, or attach and detach partitions; or it waits for them. Otherwise a statement that
   * waits for a partition would look for rows where they were before.
   *
   * @param patience how long it waits
   */
  String begin(Duration patience) {
    return SessionSettings.beginAfresh(
        repeatable ? "REPEATABLE READ" : "READ COMMITTED", locks(patience) + settings);
  }

  private String locks(Duration patience) {
    var trees = new TreeSet<>(footprint.readTrees());
    trees.addAll(footprint.writeTrees());
    return trees.isEmpty()
        ? ""
        : """
        SET LOCAL lock_timeout = %d;
        LOCK TABLE %s IN ACCESS SHARE MODE;
        """
            .formatted(patience.toMillis(), String.join(", ", trees));
  }
}
