--liquibase formatted sql

--changeset undercurrent:directory-present
--comment: Which members are still there once all rows are written; never UNLOGGED, which a crash would empty
CREATE TABLE undercurrent.directory_present (
  user_id text NOT NULL,
  room_id text NOT NULL,
  public boolean NOT NULL,
  PRIMARY KEY (user_id, room_id)
);
COMMENT ON TABLE undercurrent.directory_present IS
  'Staged members that were in their rooms after all rows had been written: what becomes of them later, the homeserver does itself. public is the room''s by then.';

--changeset undercurrent:directory-faster-rules splitStatements:false
--comment: The rules are the same; JSON without the words that make a room public is not parsed
CREATE OR REPLACE FUNCTION undercurrent.is_public_room(room text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $function$
BEGIN
  RETURN EXISTS (
    SELECT
      FROM current_state_events state
     CROSS JOIN LATERAL (
      SELECT undercurrent.event_content(e.json, e.internal_metadata) AS content
        FROM event_json e
       WHERE e.event_id = state.event_id
         AND e.room_id = room
         -- an escape may spell the words as well
         AND (strpos(e.json, 'public') > 0 OR strpos(e.json, 'world_readable') > 0 OR strpos(e.json, '\u') > 0)
         AND coalesce(e.format_version, 1)
             = (SELECT undercurrent.event_format(room_version) FROM rooms WHERE rooms.room_id = room)
         AND EXISTS (SELECT FROM events WHERE events.event_id = e.event_id)
         AND NOT EXISTS (SELECT FROM rejections WHERE rejections.event_id = e.event_id)
      OFFSET 0) AS event
     WHERE state.room_id = room
       AND state.state_key = ''
       AND state.type IN ('m.room.join_rules', 'm.room.history_visibility')
       AND CASE state.type
             WHEN 'm.room.join_rules' THEN undercurrent.json_string(content, 'join_rule') = 'public'
             ELSE undercurrent.json_string(content, 'history_visibility') = 'world_readable'
           END);
END
$function$;

CREATE FUNCTION undercurrent.private_rows(room_ids text[], user_ids text[], slices integer[])
RETURNS TABLE (user_id text, other_user_id text, room_id text)
LANGUAGE sql STABLE AS $function$
  SELECT chunk.user_id, other.user_id, chunk.room_id
    FROM unnest(room_ids, user_ids, slices) AS chunk (room_id, user_id, slice)
   CROSS JOIN LATERAL (
    SELECT m.user_id
      FROM undercurrent.directory_members m
     WHERE m.room_id = chunk.room_id
       AND m.slice = chunk.slice
       AND m.user_id <> chunk.user_id
    OFFSET 0) AS other
   WHERE (SELECT NOT r.public FROM undercurrent.directory_rooms r WHERE r.room_id = chunk.room_id)
$function$;
COMMENT ON FUNCTION undercurrent.private_rows IS
  'The pairs of some users with the members of a slice of a private room.';

CREATE FUNCTION undercurrent.write_private_rows(room_ids text[], user_ids text[], slices integer[]) RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
  -- ON CONFLICT would take half as long again; where there are no such rows yet, none is in the way
  INSERT INTO users_who_share_private_rooms (user_id, other_user_id, room_id)
  SELECT *
    FROM undercurrent.private_rows(room_ids, user_ids, slices);
EXCEPTION WHEN unique_violation THEN
  INSERT INTO users_who_share_private_rooms (user_id, other_user_id, room_id)
  SELECT *
    FROM undercurrent.private_rows(room_ids, user_ids, slices)
  ON CONFLICT DO NOTHING;
END
$function$;
COMMENT ON FUNCTION undercurrent.write_private_rows IS
  'Puts those pairs into users_who_share_private_rooms that are not there yet.';
