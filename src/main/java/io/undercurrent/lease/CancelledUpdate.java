package io.undercurrent.lease;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An update that was cancelled while a runner had it in hand, and that it lets go of soon. */
public record CancelledUpdate(JdbcClient jdbc, TimeSource time) {

  private static final Duration LOOK = Duration.ofMillis(50);

  /**
   * Waits until no runner is at an update any more that has left the queue.
   *
   * @return false if one still is after that time, or if the thread is interrupted
   */
  public boolean awaitRelease(Duration patience) {
    var begin = time.nanos();
    try {
      while (isInHand()) {
        if (time.since(begin).compareTo(patience) > 0) {
          return false;
        }
        time.sleep(LOOK);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isInHand() {
    return jdbc.sql(
            """
            SELECT EXISTS (
              SELECT
                FROM undercurrent.live_lease
                JOIN undercurrent.run_executions ON update_name = current_update
               WHERE status IN ('STARTING', 'STARTED', 'STOPPING')
                 AND NOT EXISTS (SELECT
                                   FROM undercurrent.background_updates queued
                                  WHERE queued.update_name = current_update))""")
        .query(Boolean.class)
        .single();
  }
}
