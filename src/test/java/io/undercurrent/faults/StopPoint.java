package io.undercurrent.faults;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import java.sql.SQLException;

/**
 * A point at which Undercurrent's process is held up, so that a case can kill it just there: a
 * trigger waits for a lock that the case has.
 */
enum StopPoint {
  /** It restarts the update, and Spring Batch makes an execution. */
  RESTART("AFTER INSERT ON undercurrent.batch_job_execution", true),
  /** The execution gets its step. */
  RESTARTED_STEP("AFTER INSERT ON undercurrent.batch_step_execution", true),
  /** The chunk's rows have been written. */
  WRITTEN("AFTER UPDATE OF n ON %s", false),
  /** The chunk's position has been written as well. */
  POSITION("AFTER UPDATE ON undercurrent.batch_step_execution_context", false),
  /** Everything has been written, and the server is about to commit. */
  COMMIT("AFTER UPDATE OF n ON %s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW", false),
  /** The lease is renewed, on another session. */
  LEASE("AFTER UPDATE OF expires_at ON undercurrent.lease", false),
  /** Nothing is left to do, and the step says so. */
  COMPLETED(
      "AFTER UPDATE ON undercurrent.batch_step_execution FOR EACH ROW WHEN (NEW.status = 'COMPLETED')",
      false),
  /** The run is over, and its row leaves the queue. */
  DEQUEUED("AFTER DELETE ON undercurrent.background_updates", false);

  private static final int LOCK = 4711;

  private final String event;
  private final boolean ofStart;

  StopPoint(String event, boolean ofStart) {
    this.event = event;
    this.ofStart = ofStart;
  }

  /** Whether a process comes here as it takes up an update, rather than in the course of it. */
  boolean isOfStart() {
    return ofStart;
  }

  /**
   * Has whoever comes here wait from now on.
   *
   * @param table the table that the update writes
   */
  Held hold(Database superuser, String table) throws SQLException {
    Rows.run(
        superuser,
        """
        CREATE OR REPLACE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_advisory_xact_lock_shared(%d);
          RETURN NULL;
        END$$"""
            .formatted(LOCK),
        "CREATE %s TRIGGER hold_up %s EXECUTE FUNCTION hold_up()"
            .formatted(event.contains("DEFERRED") ? "CONSTRAINT" : "", event.formatted(table)));
    var session = superuser.connect("the case");
    try (var statement = session.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(%d)".formatted(LOCK));
    }
    return () -> {
      session.close();
      Rows.run(superuser, "DROP FUNCTION hold_up CASCADE");
    };
  }

  /** Waits until somebody has come here. */
  static void await(Database superuser) {
    Rows.await(superuser, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
  }

  /** Those who are held up. */
  interface Held extends AutoCloseable {

    /** Lets them go, and everybody after them. */
    @Override
    void close() throws SQLException;
  }
}
