--liquibase formatted sql

--changeset undercurrent:servers
ALTER TABLE undercurrent.lease
  ADD COLUMN system_identifier bigint,
  ADD COLUMN timeline bigint,
  ADD COLUMN wal_lsn pg_lsn,
  ADD COLUMN server text;
COMMENT ON COLUMN undercurrent.lease.timeline IS
  'That of the server, at server, on which the lease was taken: it is lost where the timeline is another one.';
COMMENT ON COLUMN undercurrent.lease.wal_lsn IS
  'How much of the write-ahead log was on disk when the lease was renewed.';
