--liquibase formatted sql

--changeset undercurrent:actions
CREATE TABLE undercurrent.actions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  operator text NOT NULL,
  came_by text NOT NULL CHECK (came_by IN ('console', 'token', 'homeserver')),
  address text NOT NULL,
  action text NOT NULL,
  subject text,
  before text,
  after text,
  reason text
);
COMMENT ON TABLE undercurrent.actions IS
  'What operators changed, each row written in the transaction of its change; a subject of NULL means all updates.';
