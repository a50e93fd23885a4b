--liquibase formatted sql

--changeset undercurrent:quarantine
CREATE TABLE undercurrent.quarantine (
  update_name text NOT NULL,
  run bigint NOT NULL,
  key jsonb NOT NULL,
  sqlstate text,
  message text NOT NULL,
  put_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (update_name, run, key)
);
COMMENT ON TABLE undercurrent.quarantine IS
  'Rows on which an update has failed and behind which it went on; until they are replayed or dropped.';
COMMENT ON COLUMN undercurrent.quarantine.key IS
  'The values of the key''s columns in their order, as an array of texts.';
COMMENT ON COLUMN undercurrent.quarantine.sqlstate IS
  'NULL where the error did not come from the database.';
