--liquibase formatted sql

--changeset undercurrent:directory-restore splitStatements:false
--comment: VOLATILE, so that their statements see what was committed after the sweeping statement had begun
CREATE FUNCTION undercurrent.restore_public_rows(
  user_ids text[], room_ids text[], server_name text, senders text[], exclusive_users text[])
RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
  WITH room AS MATERIALIZED (
    SELECT room_id
      FROM (SELECT DISTINCT unnest(room_ids) AS room_id OFFSET 0) AS named
     WHERE undercurrent.is_public_room(room_id)
       AND undercurrent.is_joined_room(room_id, server_name)
  )
  INSERT INTO users_in_public_rooms (user_id, room_id)
  SELECT swept.user_id, swept.room_id
    FROM unnest(user_ids, room_ids) AS swept (user_id, room_id)
   WHERE swept.room_id IN (TABLE room)
     AND undercurrent.is_member(swept.room_id, swept.user_id)
     AND (undercurrent.user_domain(swept.user_id) IS DISTINCT FROM server_name
       OR NOT undercurrent.is_hidden_user(swept.user_id, senders, exclusive_users))
  ON CONFLICT DO NOTHING;
END
$function$;
COMMENT ON FUNCTION undercurrent.restore_public_rows IS
  'Puts back what a sweep has just deleted, but belongs there by now: a homeserver that adds such a row finds it, until it is deleted, and does nothing.';

CREATE FUNCTION undercurrent.restore_private_rows(
  user_ids text[], other_user_ids text[], room_ids text[], server_name text, senders text[], exclusive_users text[])
RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
  WITH room AS MATERIALIZED (
    SELECT room_id
      FROM (SELECT DISTINCT unnest(room_ids) AS room_id OFFSET 0) AS named
     WHERE NOT undercurrent.is_public_room(room_id)
  )
  INSERT INTO users_who_share_private_rooms (user_id, other_user_id, room_id)
  SELECT swept.user_id, swept.other_user_id, swept.room_id
    FROM unnest(user_ids, other_user_ids, room_ids) AS swept (user_id, other_user_id, room_id)
   WHERE swept.room_id IN (TABLE room)
     AND swept.user_id <> swept.other_user_id
     AND undercurrent.user_domain(swept.user_id) = server_name
     AND undercurrent.is_member(swept.room_id, swept.user_id)
     AND undercurrent.is_member(swept.room_id, swept.other_user_id)
     AND NOT undercurrent.is_hidden_user(swept.user_id, senders, exclusive_users)
     AND (undercurrent.user_domain(swept.other_user_id) IS DISTINCT FROM server_name
       OR NOT undercurrent.is_hidden_user(swept.other_user_id, senders, exclusive_users))
  ON CONFLICT DO NOTHING;
END
$function$;
COMMENT ON FUNCTION undercurrent.restore_private_rows IS
  'The same for users_who_share_private_rooms.';
