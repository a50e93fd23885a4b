package io.undercurrent.index;

import io.undercurrent.ddl.DdlSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops what a broken-off build leaves: an INVALID index of the wanted name and table. */
final class IndexLeftovers {

  private static final Logger log = LoggerFactory.getLogger(IndexLeftovers.class);

  /**
   * The sessions that build the index right now. Of another role's session only the locks are
   * visible; then any build on the table counts.
   */
  private static final String BUILDERS =
      """
      SELECT build.pid, session.application_name = current_setting('application_name') AS ours
        FROM pg_stat_progress_create_index AS build
        JOIN pg_locks AS held ON held.pid = build.pid
         AND held.locktype = 'relation'
         AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND held.relation = ?
         AND held.mode = 'ShareUpdateExclusiveLock'
         AND held.granted
        LEFT JOIN pg_stat_activity AS session ON session.pid = build.pid
       WHERE build.pid <> pg_backend_pid()
         AND coalesce(build.index_relid, ?) = ?""";

  private final DdlSession session;
  private final IndexedTable table;

  IndexLeftovers(DdlSession session, IndexedTable table) {
    this.session = session;
    this.table = table;
  }

  static String dropConcurrently(IndexedTable table, String name) {
    return "DROP INDEX CONCURRENTLY IF EXISTS " + table.qualified(name);
  }

  /**
   * Drops an index that is INVALID; leaves a valid one, and those of other tables.
   *
   * @return whether there was something to drop
   * @throws IndexBusyException if another session is building it right now
   */
  boolean drop(String name) {
    endBuildersOf(name);
    var leftover = ExistingIndex.find(session.jdbc(), table, name).filter(ExistingIndex::leftover);
    if (leftover.isEmpty()) {
      return false;
    }
    log.info("Dropping index {}, which an earlier build has left INVALID", table.qualified(name));
    session.execute(dropConcurrently(table, name));
    return true;
  }

  /** Drops an index that was built in vain, valid or not. */
  void dropBuilt(String name) {
    endBuildersOf(name);
    session.execute(dropConcurrently(table, name));
  }

  /** A session of ours may live on after its connection was lost. */
  private void endBuildersOf(String name) {
    var leftover = ExistingIndex.find(session.jdbc(), table, name).filter(ExistingIndex::leftover);
    if (leftover.isEmpty()) {
      return;
    }
    var oid = leftover.get().oid();
    session
        .jdbc()
        .query(
            BUILDERS,
            row -> {
              if (!row.getBoolean("ours")) {
                throw new IndexBusyException(name, row.getInt("pid"));
              }
              session
                  .jdbc()
                  .queryForObject(
                      "SELECT pg_terminate_backend(?, 5000)", Boolean.class, row.getInt("pid"));
            },
            table.oid(),
            oid,
            oid);
  }
}
