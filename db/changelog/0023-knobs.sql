--liquibase formatted sql

--changeset undercurrent:knobs
CREATE TABLE undercurrent.knobs (
  update_name text,
  name text,
  value text NOT NULL,
  set_by text NOT NULL,
  reason text,
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (update_name, name)
);
COMMENT ON TABLE undercurrent.knobs IS
  'What operators have set of queued updates, in place of what the job file says; forgotten when the run ends.';
