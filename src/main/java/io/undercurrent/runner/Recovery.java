package io.undercurrent.runner;

import io.undercurrent.database.Database;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.Owner;
import io.undercurrent.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Turns what a dead process left into something Spring Batch restarts. Only the holder of the lease
 * does so: nobody else's execution can be alive then.
 */
public final class Recovery {

  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final String NOTE =
      "The process that ran this ended without a trace, or lost its connection";

  private final JdbcClient jdbc;

  Recovery(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Does so if no process holds the lease, which is given back at once. Sessions that a hanging
   * holder has left are ended.
   *
   * @param time measures how old the lease is
   * @return whether the lease could be taken
   */
  public static boolean recover(Database database, TimeSource time) {
    var lease = Lease.take(database, Owner.thisProcess(), false, time);
    if (lease.isEmpty()) {
      return false;
    }
    try (var held = lease.get();
        var pool = new FencedPool(held)) {
      pool.transactions().executeWithoutResult(status -> new Recovery(pool.client()).run());
      held.release();
      return true;
    }
  }

  void run() {
    var executions =
        fail(
            "batch_job_execution",
            """
            (SELECT max(step.last_updated)
               FROM undercurrent.batch_step_execution step
              WHERE step.job_execution_id = batch_job_execution.job_execution_id)""");
    var steps = fail("batch_step_execution", "last_updated");
    if (steps + executions > 0) {
      log.warn("Recovered {} job and {} step executions of a dead process", executions, steps);
    }
    jdbc.sql(
            """
            DELETE FROM undercurrent.claimed_slices claimed
             USING undercurrent.batch_step_execution step
             WHERE step.step_execution_id = claimed.step_execution_id
               AND step.end_time IS NOT NULL""")
        .update();
    // A crash between Spring Batch's two inserts leaves an instance that it cannot start.
    jdbc.sql(
            """
            DELETE FROM undercurrent.batch_job_instance instance
             WHERE NOT EXISTS (SELECT
                                 FROM undercurrent.batch_job_execution execution
                                WHERE execution.job_instance_id = instance.job_instance_id)""")
        .update();
  }

  // As far as is known, it ended with its last commit.
  private int fail(String table, String lastCommit) {
    return jdbc.sql(
            """
            UPDATE undercurrent.%s
               SET status = 'FAILED', exit_code = 'FAILED', exit_message = :note,
                   end_time = coalesce(end_time, %s, start_time, create_time),
                   last_updated = now() AT TIME ZONE 'UTC', version = version + 1
             WHERE status IN ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')"""
                .formatted(table, lastCommit))
        .param("note", NOTE)
        .update();
  }
}
