--liquibase formatted sql

--changeset undercurrent:queue
CREATE TABLE undercurrent.background_updates (
  update_name text NOT NULL CONSTRAINT background_updates_uniqueness UNIQUE
    CHECK (length(update_name) BETWEEN 1 AND 100),
  progress_json text NOT NULL DEFAULT '{}',
  depends_on text,
  ordering integer NOT NULL DEFAULT 0
);
COMMENT ON TABLE undercurrent.background_updates IS
  'The updates that wait or run; a row leaves when its run is completed or cancelled.';

CREATE TABLE undercurrent.runs (
  update_name text NOT NULL,
  run bigint NOT NULL,
  job_name text NOT NULL,
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  outcome text CHECK (outcome IN ('COMPLETED', 'CANCELLED')),
  failures_in_row integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  given_up_at timestamptz,
  last_error text,
  last_error_sqlstate text,
  last_error_at timestamptz,
  PRIMARY KEY (update_name, run),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX runs_open ON undercurrent.runs (update_name) WHERE ended_at IS NULL;
COMMENT ON TABLE undercurrent.runs IS
  'One row for each time an update was queued; run is the identifying parameter of its Spring Batch job.';

CREATE TABLE undercurrent.pauses (
  update_name text,
  reason text,
  author text NOT NULL,
  paused_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  until timestamptz
);
-- one pause of all (no name) and one for each update
CREATE UNIQUE INDEX pauses_once ON undercurrent.pauses (coalesce(update_name, ''));
COMMENT ON TABLE undercurrent.pauses IS
  'What operators wish to hold: one update, or all where update_name is NULL.';

--changeset undercurrent:lease
CREATE TABLE undercurrent.lease (
  epoch bigint PRIMARY KEY,
  only_one boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one),
  owner text,
  owner_id text,
  acquired_at timestamptz,
  renewed_at timestamptz,
  expires_at timestamptz,
  current_update text,
  enabled boolean NOT NULL DEFAULT true
);
INSERT INTO undercurrent.lease (epoch) VALUES (0);
COMMENT ON TABLE undercurrent.lease IS
  'Who runs updates here. The epoch is the primary key so that FOR KEY SHARE on the row holds off a taker-over, but no renewal.';

CREATE TABLE undercurrent.lease_backends (
  epoch bigint NOT NULL,
  pid integer NOT NULL,
  backend_start timestamptz NOT NULL,
  PRIMARY KEY (pid, backend_start)
);
COMMENT ON TABLE undercurrent.lease_backends IS
  'The server processes of the lease owner''s sessions, for a taker-over to terminate.';
