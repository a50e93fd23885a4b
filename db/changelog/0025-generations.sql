--liquibase formatted sql

--changeset undercurrent:generations
--comment: The first lock of another version's transactions is the first here; its statements leave the columns at 0
LOCK TABLE undercurrent.batch_step_execution, undercurrent.batch_step_execution_context IN ACCESS EXCLUSIVE MODE;
ALTER TABLE undercurrent.batch_step_execution_context
  DROP CONSTRAINT step_exec_ctx_fk,
  DROP CONSTRAINT batch_step_execution_context_pkey,
  ADD COLUMN generation bigint NOT NULL DEFAULT 0,
  ADD PRIMARY KEY (step_execution_id, generation);
ALTER TABLE undercurrent.batch_step_execution
  DROP CONSTRAINT batch_step_execution_pkey,
  ADD COLUMN generation bigint NOT NULL DEFAULT 0,
  ADD PRIMARY KEY (step_execution_id, generation);
ALTER TABLE undercurrent.batch_step_execution_context
  ADD CONSTRAINT step_exec_ctx_fk FOREIGN KEY (step_execution_id, generation)
  REFERENCES undercurrent.batch_step_execution (step_execution_id, generation);
COMMENT ON COLUMN undercurrent.batch_step_execution.generation IS
  'How many times fifty iterations were committed. Part of the key, so that under an old snapshot an iteration''s save meets a few dead versions of its row and not all of them; the other iterations leave it as it is, so that their updates are HOT.';
COMMENT ON COLUMN undercurrent.batch_step_execution_context.generation IS
  'That of its step execution.';

--changeset undercurrent:generations-of-the-lease
ALTER TABLE undercurrent.lease ADD COLUMN generation bigint NOT NULL DEFAULT 0;
CREATE INDEX lease_generation ON undercurrent.lease (epoch, generation);
COMMENT ON COLUMN undercurrent.lease.generation IS
  'When it was renewed, in tens of minutes. An index finds the row by it before most versions of it that an old snapshot keeps; not unique, or FOR KEY SHARE would hold off renewals.';

--changeset undercurrent:checkpoint
CREATE DOMAIN undercurrent.checkpoint AS text
  CONSTRAINT not_cancelled CHECK (VALUE <> 'cancelled')
  CONSTRAINT of_this_version CHECK (VALUE <> 'found another version');
COMMENT ON DOMAIN undercurrent.checkpoint IS
  'What has come of saving an iteration, which fails unless it is to be committed: the COMMIT follows in the same message.';
