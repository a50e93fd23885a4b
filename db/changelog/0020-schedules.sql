--liquibase formatted sql

--changeset undercurrent:schedules
CREATE TABLE undercurrent.schedules (
  update_name varchar(100) PRIMARY KEY,
  job_name text NOT NULL,
  due_at timestamptz NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE undercurrent.schedules IS
  'Updates that are queued again by themselves, as every in their job file says: from their start until they are cancelled.';
COMMENT ON COLUMN undercurrent.schedules.due_at IS
  'When it is queued the next time, unless it is queued then; what is missed is made up for once.';
