--liquibase formatted sql

--changeset undercurrent:progress-comment
COMMENT ON COLUMN undercurrent.background_updates.progress_json IS
  'Always {}. The table has the columns of a homeserver''s; how far an update is stands in its step''s execution context.';
