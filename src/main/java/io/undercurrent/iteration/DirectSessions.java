package io.undercurrent.iteration;

import java.sql.Connection;

/** Opens sessions for what cannot run in a transaction, such as building an index concurrently. */
@FunctionalInterface
public interface DirectSessions {

  /** What an index build's session is called; the update's name follows. */
  String INDEX_BUILD = "undercurrent index ";

  /** What the session of another change of a table's structure is called, likewise. */
  String DDL = "undercurrent ddl ";

  /**
   * Opens a session outside all pools, which the caller closes. A process that takes the database
   * over ends it first; a caller that has lost the database gets none.
   *
   * @param applicationName what {@code pg_stat_activity} shows
   * @throws RuntimeException if none can be opened, or another process runs the database
   */
  Connection open(String applicationName);
}
