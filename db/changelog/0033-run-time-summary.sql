--liquibase formatted sql

--changeset undercurrent:view-run-time-summary runOnChange:true
--comment: May be changed: columns are added at the end
CREATE OR REPLACE VIEW undercurrent.run_time_summary AS
SELECT update_name, run, runs.started_at, runs.ended_at,
       (1000 * extract(epoch FROM coalesce(runs.ended_at, clock_timestamp()) - runs.started_at))
         ::bigint AS wall_ms,
       times.counted_ms, times.working_ms, times.sleeping_ms, times.held_ms,
       times.backing_off_ms, times.paused_ms, times.no_runner_ms,
       times.counted_ms - times.working_ms - times.sleeping_ms - times.held_ms
         - times.backing_off_ms - times.paused_ms - times.no_runner_ms AS other_ms,
       times.by_activity
  FROM undercurrent.runs
  JOIN (
    SELECT update_name, run,
           sum(ms)::bigint AS counted_ms,
           coalesce(sum(ms) FILTER (WHERE activity = 'working'), 0)::bigint AS working_ms,
           coalesce(sum(ms) FILTER (WHERE activity = 'sleeping'), 0)::bigint AS sleeping_ms,
           coalesce(sum(ms) FILTER (WHERE activity LIKE 'held:%' OR activity = 'window'), 0)
             ::bigint AS held_ms,
           coalesce(sum(ms) FILTER (WHERE activity = 'backing-off'), 0)::bigint
             AS backing_off_ms,
           coalesce(sum(ms) FILTER (WHERE activity IN ('paused', 'disabled')), 0)::bigint
             AS paused_ms,
           coalesce(sum(ms) FILTER (WHERE activity = 'no-runner'), 0)::bigint AS no_runner_ms,
           jsonb_object_agg(activity, ms) AS by_activity
      FROM undercurrent.run_times
     GROUP BY update_name, run
  ) times USING (update_name, run);
COMMENT ON VIEW undercurrent.run_time_summary IS
  'What each run has spent its time on; what history --time shows. Of runs of older versions there is no row.';
COMMENT ON COLUMN undercurrent.run_time_summary.wall_ms IS
  'From the first execution to the end of the run, or to now.';
COMMENT ON COLUMN undercurrent.run_time_summary.counted_ms IS
  'The sum of the parts: what of it has been counted, up to a minute ago while the run is under way.';
COMMENT ON COLUMN undercurrent.run_time_summary.held_ms IS
  'What the database''s health or a time window held it.';
COMMENT ON COLUMN undercurrent.run_time_summary.by_activity IS
  'All parts, in ms, as in run_times.';
