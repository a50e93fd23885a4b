package io.undercurrent.index;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.DdlSession;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Clears away what the build of an index left whose update is no longer queued. */
final class CancelledIndex {

  private static final Logger log = LoggerFactory.getLogger(CancelledIndex.class);

  /** As of a table or a column that is not there: then the index was never built. */
  private static final String WRONG = "42";

  /** What became of the index. */
  enum Fate {
    /** It does not exist. */
    ABSENT,
    /** It was INVALID and has been dropped. */
    DROPPED,
    /** What was there of it on a partitioned table and its partitions has been dropped. */
    PARTS_DROPPED,
    /**
     * It is INVALID, and has indexes of partitions that others have built, which would go along.
     */
    SHARED,
    /** It was built; it stays. */
    VALID,
    /** It is INVALID and could not be dropped. */
    INVALID
  }

  private CancelledIndex() {}

  /** The statement that drops an index that was left. */
  static String drop(DataSource database, CreateIndex work) {
    var jdbc = new JdbcTemplate(database);
    var wanted = WantedIndex.of(jdbc, work, Map.of());
    return wanted.table().isPartitioned()
        ? new CancelledPartitions(jdbc, wanted).drops(jdbc)
        : IndexLeftovers.dropConcurrently(wanted.table(), work.name());
  }

  /**
   * Drops the index concurrently if it is INVALID, and so the one that it was to replace. Called
   * when no runner builds it any more.
   *
   * @param connection a session for this alone, which is closed
   * @param observer other connections to the same database
   * @param limit how long to wait for transactions that use the table
   * @param time measures how long it takes
   */
  static Fate clear(
      Connection connection,
      JdbcTemplate observer,
      CreateIndex work,
      Duration limit,
      TimeSource time) {
    try (var session = new DdlSession(connection, observer, new StopSignal(time), time)) {
      session.limit(limit);
      var wanted = WantedIndex.of(session.jdbc(), work, Map.of());
      var table = wanted.table();
      if (table.isPartitioned()) {
        return new CancelledPartitions(session.jdbc(), wanted).clear(session, limit, time);
      }
      var leftovers = new IndexLeftovers(session, table);
      if (work.replaces() != null) {
        leftovers.drop(work.replaces());
      }
      if (leftovers.drop(work.name())) {
        return Fate.DROPPED;
      }
      return ExistingIndex.find(session.jdbc(), table, work.name())
              .filter(ExistingIndex::ofTable)
              .isPresent()
          ? Fate.VALID
          : Fate.ABSENT;
    } catch (HopelessException e) {
      return Fate.ABSENT;
    } catch (IndexBusyException e) {
      return Fate.INVALID;
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      log.warn("Index {} could not be cleared away: {}", work.name(), failure.sentence());
      return String.valueOf(failure.sqlState()).startsWith(WRONG) ? Fate.ABSENT : Fate.INVALID;
    }
  }
}
