--liquibase formatted sql

--changeset undercurrent:holds
CREATE TABLE undercurrent.holds (
  epoch bigint,
  signal text,
  rank bigint NOT NULL,
  subject text,
  value double precision,
  threshold double precision NOT NULL,
  unit text NOT NULL,
  detail text,
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (epoch, signal)
);
COMMENT ON TABLE undercurrent.holds IS
  'What of the database''s health holds its updates, as the runner of that epoch sees it; only that of the live lease counts.';
COMMENT ON COLUMN undercurrent.holds.rank IS
  'The worst is the first one.';
COMMENT ON COLUMN undercurrent.holds.value IS
  'In the unit, as the threshold; NULL where it cannot be read.';
COMMENT ON COLUMN undercurrent.holds.detail IS
  'What else there is to say, in a clause; why, where it cannot be read.';
ALTER TABLE undercurrent.actions
  DROP CONSTRAINT actions_came_by_check,
  ADD CONSTRAINT actions_came_by_check
    CHECK (came_by IN ('console', 'token', 'homeserver', 'runner'));
