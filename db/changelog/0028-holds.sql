--liquibase formatted sql

--changeset undercurrent:holds
CREATE TABLE undercurrent.holds (
  signal text PRIMARY KEY,
  epoch bigint NOT NULL,
  subject text,
  value double precision,
  threshold double precision NOT NULL,
  unit text NOT NULL,
  detail text,
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
COMMENT ON TABLE undercurrent.holds IS
  'What of the database''s health holds its updates at this moment, as the runner of that epoch sees it.';
COMMENT ON COLUMN undercurrent.holds.value IS
  'In the unit, as the threshold; NULL where it cannot be read.';
COMMENT ON COLUMN undercurrent.holds.detail IS
  'What else there is to say, in a clause; why, where it cannot be read.';
