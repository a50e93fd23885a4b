package io.undercurrent.runner;

import io.undercurrent.brake.Brake;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.Pause;
import io.undercurrent.queue.Pauses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Pauses an update for good where the database's health is critical, unless it is paused already or
 * has left the queue.
 *
 * @param database the database's name
 * @param pool whose transactions are fenced
 */
record CriticalPause(String database, FencedPool pool) {

  private static final String AUTHOR = "undercurrent";

  private static final Logger log = LoggerFactory.getLogger(CriticalPause.class);

  void pause(String update, Brake brake) {
    var reason = brake.criticalWords();
    if (Boolean.TRUE.equals(pool.transactions().execute(status -> add(update, reason)))) {
      log.warn(
          "Update {} on {} is paused: {}. Let it go on with: resume", update, database, reason);
    }
  }

  private boolean add(String update, String reason) {
    var pauses = new Pauses(pool.client());
    if (!isQueued(update)
        || pauses.list().stream().anyMatch(pause -> update.equals(pause.update()))) {
      return false;
    }
    record(pool.client(), update, pauses.add(update, reason, AUTHOR, null));
    return true;
  }

  /** Whoever takes it off the queue, with its pause, waits until there is one. */
  private boolean isQueued(String update) {
    return pool.client()
        .sql(
            "SELECT FROM undercurrent.background_updates WHERE update_name = :update FOR KEY SHARE")
        .param("update", update)
        .query((row, number) -> true)
        .optional()
        .isPresent();
  }

  private static void record(JdbcClient jdbc, String update, Pause pause) {
    jdbc.sql(
            """
            INSERT INTO undercurrent.actions
              (operator, came_by, address, action, subject, after, reason)
            VALUES (:operator, 'runner', :address, 'pause', :subject, :after, :reason)""")
        .param("operator", AUTHOR)
        .param("address", Owner.host())
        .param("subject", update)
        .param("after", pause.recorded())
        .param("reason", pause.reason())
        .update();
  }
}
