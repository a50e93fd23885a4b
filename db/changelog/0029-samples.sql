--liquibase formatted sql

--changeset undercurrent:run-times
CREATE TABLE undercurrent.run_times (
  update_name text,
  run bigint,
  activity text,
  ms bigint NOT NULL,
  PRIMARY KEY (update_name, run, activity)
);
COMMENT ON TABLE undercurrent.run_times IS
  'What each run has spent its time on since it was first executed; the parts make up all of it.';
COMMENT ON COLUMN undercurrent.run_times.activity IS
  'working, sleeping, backing-off, held:SIGNAL, or between executions why none was under way: window, paused, no-runner, ...; unknown for what an older version did not count.';

--changeset undercurrent:samples
CREATE TABLE undercurrent.samples (
  update_name text,
  run bigint,
  at timestamptz,
  ms bigint NOT NULL,
  items bigint NOT NULL,
  changed bigint,
  iterations bigint NOT NULL,
  iteration_ms bigint NOT NULL,
  target_ms bigint,
  chunk_size bigint,
  times jsonb NOT NULL,
  PRIMARY KEY (update_name, run, at)
);
CREATE INDEX samples_at ON undercurrent.samples (at);
COMMENT ON TABLE undercurrent.samples IS
  'What a run has done, a row a minute; a wait between executions is one row while its reason is the same. Kept for undercurrent.history.samples.';
COMMENT ON COLUMN undercurrent.samples.at IS
  'The end of the span; it has ms milliseconds.';
COMMENT ON COLUMN undercurrent.samples.changed IS
  'Rows changed, or NULL where that is not known.';
COMMENT ON COLUMN undercurrent.samples.iteration_ms IS
  'How long its iterations took together.';
COMMENT ON COLUMN undercurrent.samples.target_ms IS
  'How long an iteration was to take at the end of the span, or NULL before the first.';
COMMENT ON COLUMN undercurrent.samples.chunk_size IS
  'How many items a chunk was allowed at the end of the span, or NULL before the first.';
COMMENT ON COLUMN undercurrent.samples.times IS
  'What the span was spent on, in ms by activity as in run_times.';

--changeset undercurrent:run-clocks
CREATE TABLE undercurrent.run_clocks (
  update_name text,
  run bigint,
  until timestamptz NOT NULL,
  items bigint NOT NULL,
  changed bigint,
  iterations bigint NOT NULL,
  iteration_ms bigint NOT NULL,
  PRIMARY KEY (update_name, run)
);
COMMENT ON TABLE undercurrent.run_clocks IS
  'The runs whose time is being counted: up to when it is in run_times and samples, and what they had done by then. A run that has ended has no row.';
