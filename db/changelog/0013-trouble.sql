--liquibase formatted sql

--changeset undercurrent:trouble
ALTER TABLE undercurrent.lease
  ADD COLUMN trouble text,
  ADD COLUMN trouble_at timestamptz;
COMMENT ON COLUMN undercurrent.lease.trouble IS
  'What kept the last process that tried from working the queue off; NULL once one does.';
