--liquibase formatted sql

--changeset undercurrent:view-update-history runOnChange:true
--comment: May be changed: columns are added at the end. The verb history runs the first statement's query
CREATE OR REPLACE VIEW undercurrent.update_history AS
SELECT runs.update_name, runs.job_name, runs.run, runs.queued_at,
       executed.started_at, runs.ended_at,
       coalesce(runs.outcome, executed.status, 'QUEUED') AS status,
       coalesce(executed.executions, 0) AS executions,
       coalesce(executed.read_count, 0) AS read_count,
       coalesce(executed.filter_count, 0) AS filter_count,
       coalesce(executed.write_count, 0) AS write_count,
       coalesce(executed.commit_count, 0) AS commit_count,
       coalesce(executed.rollback_count, 0) AS rollback_count,
       coalesce(executed.worked, interval '0') AS worked,
       executed.exit_code,
       coalesce(
         regexp_replace(executed.failure, '^[a-z][\w.$]*(Exception|Error): ', ''),
         runs.last_error) AS last_error,
       coalesce(executed.read_count - executed.filter_count, 0) AS matching_count,
       (SELECT CASE WHEN bool_and(changed IS NOT NULL) THEN sum(changed) END
          FROM (SELECT DISTINCT ON (step_name)
                       substring(
                         coalesce(serialized_context, short_context)
                         FROM '"undercurrent\.changed":\["java\.lang\.Long",(\d+)\]')::bigint
                         AS changed
                  FROM undercurrent.batch_step_execution last_step
                  JOIN undercurrent.batch_step_execution_context
                       USING (step_execution_id)
                 WHERE last_step.job_execution_id = ANY (executed.all_executions)
                   AND step_name <> runs.update_name || ':lanes'
                 ORDER BY step_name, step_execution_id DESC) last_of_each)::bigint
         AS changed_count,
       runs.warning,
       (SELECT count(*)
          FROM undercurrent.quarantine
         WHERE quarantine.update_name = runs.update_name
           AND quarantine.run = runs.run) AS quarantine_count
  FROM undercurrent.runs
  LEFT JOIN (
    SELECT instance.job_name, parameter.parameter_value AS run,
           count(*) AS executions,
           min(execution.start_time) AT TIME ZONE 'UTC' AS started_at,
           sum(step.read_count)::bigint AS read_count,
           sum(step.filter_count)::bigint AS filter_count,
           sum(step.write_count)::bigint AS write_count,
           sum(step.commit_count)::bigint AS commit_count,
           sum(step.rollback_count)::bigint AS rollback_count,
           array_agg(job_execution_id) AS all_executions,
           sum(coalesce(execution.end_time,
                        greatest(coalesce(step.last_updated,
                                          execution.last_updated),
                                 alive.now)) - execution.start_time) AS worked,
           (array_agg(execution.status ORDER BY job_execution_id DESC))[1]
             AS status,
           (array_agg(execution.exit_code ORDER BY job_execution_id DESC))[1]
             AS exit_code,
           (array_agg(split_part(execution.exit_message, chr(10), 1)
                      ORDER BY job_execution_id DESC)
             FILTER (WHERE execution.status IN ('FAILED', 'ABANDONED', 'UNKNOWN')
                       AND execution.exit_message <> ''))[1] AS failure
      FROM undercurrent.batch_job_instance instance
      JOIN undercurrent.batch_job_execution execution USING (job_instance_id)
      JOIN undercurrent.batch_job_execution_params parameter
           USING (job_execution_id)
     CROSS JOIN LATERAL (
       SELECT sum(step_execution.read_count) AS read_count,
              sum(step_execution.filter_count) AS filter_count,
              sum(step_execution.write_count) AS write_count,
              sum(step_execution.commit_count) AS commit_count,
              sum(step_execution.rollback_count) AS rollback_count,
              max(step_execution.last_updated) AS last_updated
         FROM undercurrent.batch_step_execution step_execution
        WHERE step_execution.job_execution_id = execution.job_execution_id
          AND step_execution.step_name <> instance.job_name || ':lanes'
     ) step
      LEFT JOIN (
        SELECT current_update, clock_timestamp() AT TIME ZONE 'UTC' AS now
          FROM undercurrent.lease
         WHERE owner IS NOT NULL
           AND expires_at > clock_timestamp()
      ) alive ON alive.current_update = instance.job_name
     WHERE parameter.parameter_name = 'run'
     GROUP BY instance.job_name, parameter.parameter_value
  ) executed ON executed.job_name = runs.update_name AND executed.run = runs.run::text;
COMMENT ON VIEW undercurrent.update_history IS
  'One row for each time an update was queued, over all its restarts; what the verb history shows.';
COMMENT ON COLUMN undercurrent.update_history.run IS
  'The identifying parameter of the Spring Batch job instance.';
COMMENT ON COLUMN undercurrent.update_history.status IS
  'COMPLETED or CANCELLED once the run ended, before that its last execution''s, QUEUED without one.';
COMMENT ON COLUMN undercurrent.update_history.executions IS
  'How often it was started; all but the first are restarts.';
COMMENT ON COLUMN undercurrent.update_history.worked IS
  'How long its executions lasted together, the controller''s sleeps included: one that runs, up to now; one that died, up to its last commit. Lanes that work at the same time count once.';
COMMENT ON COLUMN undercurrent.update_history.read_count IS
  'The keys walked; filter_count of them were not items to write, matching_count were.';
COMMENT ON COLUMN undercurrent.update_history.commit_count IS
  'The chunks committed; rollback_count others were rolled back.';
COMMENT ON COLUMN undercurrent.update_history.last_error IS
  'The first line of what the last failed execution left, also where the run was completed later.';
COMMENT ON COLUMN undercurrent.update_history.write_count IS
  'The rows changed, as far as known, summed over its executions; else the items written.';
COMMENT ON COLUMN undercurrent.update_history.changed_count IS
  'The rows that its statements have changed; NULL if that is not known.';
COMMENT ON COLUMN undercurrent.update_history.warning IS
  'What to look at although the run was completed.';
COMMENT ON COLUMN undercurrent.update_history.quarantine_count IS
  'The rows that it has put aside and that are still in quarantine.';
