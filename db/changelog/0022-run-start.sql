--liquibase formatted sql

--changeset undercurrent:run-start
ALTER TABLE undercurrent.runs
  ADD COLUMN started_at timestamptz;
COMMENT ON COLUMN undercurrent.runs.started_at IS
  'When the run was first executed, by the database''s clock: what :now stands for in its SQL. NULL before, and in runs of older versions.';
