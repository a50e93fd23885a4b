--liquibase formatted sql

--changeset undercurrent:step-names
-- a step is called after its update, whose name may have 100 characters: NAME:lanes, NAME:slice12
ALTER TABLE undercurrent.batch_step_execution
  ALTER COLUMN step_name TYPE varchar(120);
