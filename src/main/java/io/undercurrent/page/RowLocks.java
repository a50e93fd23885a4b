package io.undercurrent.page;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Locks on the rows that are read, until they are written; they leave foreign keys alone. */
public final class RowLocks {

  private static final String CLAUSE = "FOR NO KEY UPDATE";
  private static final String NOT_SUPPORTED = "0A000";
  private static final String NO_PRIVILEGE = "42501";

  private RowLocks() {}

  /**
   * Pages that lock what they read.
   *
   * @param others the columns besides the key, which are why
   * @throws RefusedException if the query's rows cannot be locked, or the role may not
   */
  public static KeysetPages require(JdbcTemplate jdbc, KeysetPages pages, List<String> others) {
    var locking = pages.with(pages.sql().locking(CLAUSE));
    try {
      locking.explain(jdbc);
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (!NOT_SUPPORTED.equals(failure.sqlState())) {
        throw explained(jdbc, pages, e);
      }
      throw new RefusedException(
          "expected a query whose rows can be locked, since it reads more than its key: %s. Found: %s. Read only the key, and look up the rest in 'write'"
              .formatted(others, failure.sentence()),
          e);
    }
    return locking;
  }

  /**
   * Pages that lock what they read, or nothing if the query's rows cannot be locked.
   *
   * @throws RefusedException if the role may not
   */
  public static Optional<KeysetPages> tryOn(JdbcTemplate jdbc, KeysetPages pages) {
    var locking = pages.with(pages.sql().locking(CLAUSE));
    try {
      locking.explain(jdbc);
    } catch (DataAccessException e) {
      if (NOT_SUPPORTED.equals(SqlFailure.of(e).sqlState())) {
        return Optional.empty();
      }
      throw explained(jdbc, pages, e);
    }
    return Optional.of(locking);
  }

  /** A role that may read may still not lock. */
  private static RuntimeException explained(
      JdbcTemplate jdbc, KeysetPages pages, DataAccessException e) {
    var failure = SqlFailure.of(e);
    if (!NO_PRIVILEGE.equals(failure.sqlState())) {
      return e;
    }
    pages.explain(jdbc);
    return new RefusedException(
        "expected the privilege UPDATE on what 'read' names, whose rows are locked until they are written, found: %s. Grant it to the role"
            .formatted(failure.sentence()),
        e);
  }
}
