package io.undercurrent.index;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.DdlSession;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.iteration.DirectSessions;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.sql.Column;
import io.undercurrent.stop.StopAtBoundaryException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** Builds indexes of a table concurrently that other kinds of update need, by statements. */
public final class ConcurrentIndex {

  private static final String UNIQUE_VIOLATION = "23505";

  private final UpdateContext update;
  private final String table;

  /**
   * Indexes of a table.
   *
   * @param table as SQL
   */
  public ConcurrentIndex(UpdateContext update, String table) {
    this.update = update;
    this.table = table;
  }

  /**
   * Builds one, unless it is there; what an earlier build has left INVALID is dropped first.
   *
   * @param name the index
   * @param create the statement that builds it
   * @param tablespace where, or null for the default
   * @throws StopAtBoundaryException if it was cut
   * @throws HopelessException if rows have the same key in a unique one
   */
  public void build(String name, String create, @Nullable String tablespace) {
    try (var session = open()) {
      var indexed = IndexedTable.of(session.jdbc(), table);
      var leftovers = new IndexLeftovers(session, indexed);
      leftovers.drop(name);
      if (ExistingIndex.find(session.jdbc(), indexed, name).isPresent()) {
        return;
      }
      if (tablespace != null) {
        session.execute("SET default_tablespace = " + Column.quoted(tablespace));
      }
      try {
        session.execute(create);
      } catch (DataAccessException e) {
        throw afterFailure(indexed, name, e);
      }
    }
  }

  private DdlSession open() {
    var name = DirectSessions.INDEX_BUILD + update.name();
    return new DdlSession(
        update.sessions().open(name), update.jdbc(), update.stop(), update.time());
  }

  /** A unique index that could not be built still keeps the application from writing. */
  private RuntimeException afterFailure(
      IndexedTable indexed, String name, DataAccessException failure) {
    var cut = update.stop().cutReason();
    if (cut != null) {
      return new StopAtBoundaryException(cut, failure);
    }
    var sql = SqlFailure.of(failure);
    if (!UNIQUE_VIOLATION.equals(sql.sqlState())) {
      return failure;
    }
    try (var session = open()) {
      new IndexLeftovers(session, indexed).drop(name);
    }
    return new HopelessException(
        "%s. Make them differ, then try again with: retry %s"
            .formatted(sql.sentence(), update.name()),
        failure);
  }
}
