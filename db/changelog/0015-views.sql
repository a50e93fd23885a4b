--liquibase formatted sql

--changeset undercurrent:view-pauses-in-force runOnChange:true
CREATE OR REPLACE VIEW undercurrent.pauses_in_force AS
SELECT update_name, reason, author, paused_at, until
  FROM undercurrent.pauses
 WHERE until IS NULL
    OR until > clock_timestamp();
COMMENT ON VIEW undercurrent.pauses_in_force IS
  'The pauses that hold now; the one without an update_name holds all updates.';

--changeset undercurrent:view-live-lease runOnChange:true
CREATE OR REPLACE VIEW undercurrent.live_lease AS
SELECT epoch, owner, owner_id, acquired_at, renewed_at, current_update, enabled
  FROM undercurrent.lease
 WHERE owner IS NOT NULL
   AND expires_at > clock_timestamp();
COMMENT ON VIEW undercurrent.live_lease IS
  'Who runs updates here; no row if nobody does.';

--changeset undercurrent:view-run-executions runOnChange:true
CREATE OR REPLACE VIEW undercurrent.run_executions AS
SELECT instance.job_name AS update_name, parameter.parameter_value AS run,
       job_execution_id, execution.status, execution.start_time
  FROM undercurrent.batch_job_instance instance
  JOIN undercurrent.batch_job_execution execution USING (job_instance_id)
  JOIN undercurrent.batch_job_execution_params parameter USING (job_execution_id)
 WHERE parameter.parameter_name = 'run';
COMMENT ON VIEW undercurrent.run_executions IS
  'The executions of each run: the first one and its restarts.';
