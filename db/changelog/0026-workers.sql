--liquibase formatted sql

--changeset undercurrent:workers
CREATE TABLE undercurrent.workers (
  worker text PRIMARY KEY,
  name text NOT NULL,
  host text NOT NULL,
  pid bigint NOT NULL,
  version text NOT NULL,
  lanes integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  backend_pid integer,
  backend_start timestamptz,
  unfit_for text,
  unfit_because text
);
COMMENT ON TABLE undercurrent.workers IS
  'Processes that take slices of runs. One that was not seen for 15 s is given none, and those that it has are given to others.';
COMMENT ON COLUMN undercurrent.workers.backend_pid IS
  'The server process of the session in which it says that it is there: while that lives, the worker is not gone.';
COMMENT ON COLUMN undercurrent.workers.unfit_for IS
  'The update of which it refused a slice last, because it has not what it takes: the same definition, the beans.';

CREATE TABLE undercurrent.claimed_slices (
  step_execution_id bigint PRIMARY KEY,
  worker text NOT NULL REFERENCES undercurrent.workers ON DELETE CASCADE,
  claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  renewed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  stop_reason text,
  failure text,
  failure_sqlstate text,
  failure_kind text
);
CREATE INDEX claimed_slices_worker ON undercurrent.claimed_slices (worker);
COMMENT ON TABLE undercurrent.claimed_slices IS
  'The slices that workers have in hand, or had. Which of them may write is up to the version of the step execution alone.';

-- Sessions of workers are ended by a taker-over as well, but do not keep anybody from taking over.
ALTER TABLE undercurrent.lease_backends
  ADD COLUMN owner_id text;
COMMENT ON COLUMN undercurrent.lease_backends.owner_id IS
  'The process that has the session: the lease''s owner, or a worker. NULL where an older version has recorded it.';
