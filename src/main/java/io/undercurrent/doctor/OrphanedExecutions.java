package io.undercurrent.doctor;

import io.undercurrent.lease.StaleLease;
import io.undercurrent.runner.Recovery;
import org.springframework.jdbc.core.RowCallbackHandler;

/** Spring Batch's records of executions that no process has in hand any more. */
final class OrphanedExecutions implements Check {

  @Override
  public String name() {
    return "orphaned-executions";
  }

  @Override
  public void look(Patient patient, Findings found) {
    if (StaleLease.isHeld(patient.jdbc())) {
      return;
    }
    patient
        .jdbc()
        .sql(
            """
            SELECT string_agg(DISTINCT instance.job_name, ', ' ORDER BY instance.job_name) AS updates,
                   string_agg(DISTINCT coalesce(execution.status, 'never begun'), ' or ')
                     AS statuses
              FROM undercurrent.batch_job_instance instance
              LEFT JOIN undercurrent.batch_job_execution execution USING (job_instance_id)
             WHERE execution.job_execution_id IS NULL
                OR execution.status IN ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')
            HAVING count(*) > 0""")
        .query(
            (RowCallbackHandler)
                row -> {
                  var updates = row.getString("updates");
                  found.hint(
                      updates,
                      "Spring Batch has %s as %s, but no process runs it"
                          .formatted(updates, row.getString("statuses")),
                      "The next process that runs updates makes them restartable: run",
                      done ->
                          done.accept(
                              Recovery.recover(patient.database(), patient.time())
                                  ? "Made %s restartable.".formatted(updates)
                                  : "Another process has taken the lease meanwhile, and recovers them."));
                });
  }
}
