--liquibase formatted sql

--changeset undercurrent:waiting-for-an-operator
ALTER TABLE undercurrent.runs ADD COLUMN waits_for text;
COMMENT ON COLUMN undercurrent.runs.waits_for IS
  'The verb, with what it is about, that the run waits for an operator to say; NULL for none.';
