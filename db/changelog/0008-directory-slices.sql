--liquibase formatted sql

--changeset undercurrent:directory-slices
--comment: The pairs of a large private room are made slice by slice of its members
ALTER TABLE undercurrent.directory_members
  ADD COLUMN slice integer NOT NULL DEFAULT 0,
  DROP CONSTRAINT directory_members_pkey,
  ADD PRIMARY KEY (room_id, slice, user_id);
COMMENT ON COLUMN undercurrent.directory_members.slice IS
  'Numbers the members of a room by the thousand, from 0.';

CREATE TABLE undercurrent.directory_slices (
  room_id text NOT NULL,
  user_id text NOT NULL,
  slice integer NOT NULL,
  PRIMARY KEY (room_id, user_id, slice)
);
COMMENT ON TABLE undercurrent.directory_slices IS
  'Pairs of private rooms that are still to be made: a local member with the members of a slice behind the first.';
