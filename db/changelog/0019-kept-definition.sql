--liquibase formatted sql

--changeset undercurrent:kept-definition
ALTER TABLE undercurrent.runs ADD COLUMN definition json;
COMMENT ON COLUMN undercurrent.runs.definition IS
  'What the update does, part by part, from its run''s first execution on; NULL before, and for what older versions began. A run whose job file does something else by now is not continued silently.';
