--liquibase formatted sql

--changeset undercurrent:directory
--comment: What regenerate_directory has found out about a homeserver's rooms; never UNLOGGED, which a crash would empty
CREATE TABLE undercurrent.directory_position (
  stream_id bigint NOT NULL
);
COMMENT ON TABLE undercurrent.directory_position IS
  'Up to where the room state''s changes were known when the job started.';

CREATE TABLE undercurrent.directory_rooms (
  room_id text PRIMARY KEY,
  public boolean NOT NULL,
  joined boolean NOT NULL,
  state_events bigint NOT NULL,
  members bigint NOT NULL
);
COMMENT ON TABLE undercurrent.directory_rooms IS
  'The rooms: whether everybody may see their members, whether a local user is in, how large they are.';

CREATE TABLE undercurrent.directory_members (
  room_id text NOT NULL,
  user_id text NOT NULL,
  local boolean NOT NULL,
  public boolean NOT NULL,
  PRIMARY KEY (room_id, user_id)
);
CREATE INDEX directory_members_writing ON undercurrent.directory_members (room_id, user_id) WHERE public OR local;
CREATE INDEX directory_members_remote ON undercurrent.directory_members (user_id, room_id) WHERE NOT local;
COMMENT ON TABLE undercurrent.directory_members IS
  'Who is in which room, without the local users that the directory leaves out. public is the room''s.';

--changeset undercurrent:directory-rules splitStatements:false
--comment: The homeserver's rules; PL/pgSQL, because its tables and their columns are looked up only when a function runs
CREATE FUNCTION undercurrent.is_public_room(room text) RETURNS boolean
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
COMMENT ON FUNCTION undercurrent.is_public_room IS
  'Whether everybody may join a room or read its history, by the state events that the homeserver can read.';

CREATE FUNCTION undercurrent.membership(room text, member text) RETURNS TABLE (display_name text, avatar_url text)
LANGUAGE plpgsql STABLE ROWS 1 AS $function$
BEGIN
  RETURN QUERY
    SELECT m.display_name, m.avatar_url
      FROM current_state_events state
     CROSS JOIN LATERAL (
      -- OFFSET 0: found by its event, not among all of the room or of the user
      SELECT *
        FROM room_memberships
       WHERE room_memberships.event_id = state.event_id
      OFFSET 0) AS m
     WHERE state.room_id = room
       AND state.type = 'm.room.member'
       AND state.state_key = member
       AND m.room_id = room
       AND m.user_id = member
       AND m.membership = 'join';
END
$function$;
COMMENT ON FUNCTION undercurrent.membership IS
  'A user''s profile in a room; no row if the user is not in it, by room_memberships as the directory has it.';

CREATE FUNCTION undercurrent.is_member(room text, member text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $function$
BEGIN
  RETURN EXISTS (
    SELECT
      FROM current_state_events state
     CROSS JOIN LATERAL (
      SELECT *
        FROM room_memberships
       WHERE room_memberships.event_id = state.event_id
      OFFSET 0) AS m
     WHERE state.room_id = room
       AND state.type = 'm.room.member'
       AND state.state_key = member
       AND m.room_id = room
       AND m.user_id = member
       AND m.membership = 'join');
END
$function$;
COMMENT ON FUNCTION undercurrent.is_member IS
  'Whether a user is in a room.';

CREATE FUNCTION undercurrent.is_joined_room(room text, server_name text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $function$
BEGIN
  RETURN EXISTS (SELECT FROM undercurrent.directory_rooms r WHERE r.room_id = room AND r.joined)
      OR EXISTS (
        SELECT
          FROM current_state_events state
          JOIN room_memberships m ON m.event_id = state.event_id
         WHERE state.room_id = room
           AND state.type = 'm.room.member'
           AND undercurrent.user_domain(state.state_key) = server_name
           AND m.membership = 'join');
END
$function$;
COMMENT ON FUNCTION undercurrent.is_joined_room IS
  'Whether a local user is in a room, or was when its members were staged: a room that all have left has no members in its state.';

CREATE FUNCTION undercurrent.is_hidden_user(member text, senders text[], exclusive_users text[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $function$
BEGIN
  RETURN member = ANY (senders)
      OR cardinality(exclusive_users) > 0
         AND member ~ ('^(?:(?:' || array_to_string(exclusive_users, ')|(?:') || '))')
      OR NOT EXISTS (
        SELECT
          FROM users
         WHERE users.name = member
           AND users.user_type IS DISTINCT FROM 'support'
           AND users.deactivated <> 1);
END
$function$;
COMMENT ON FUNCTION undercurrent.is_hidden_user IS
  'Whether the directory leaves a local user out. The regular expressions are PostgreSQL''s, anchored at the start only.';

CREATE FUNCTION undercurrent.is_directory_user(member text, server_name text, senders text[], exclusive_users text[])
RETURNS boolean
LANGUAGE plpgsql STABLE AS $function$
BEGIN
  IF EXISTS (SELECT FROM users WHERE users.name = member) OR undercurrent.user_domain(member) = server_name THEN
    RETURN NOT undercurrent.is_hidden_user(member, senders, exclusive_users)
       AND (EXISTS (SELECT FROM users WHERE users.name = member AND users.deactivated = 0)
         OR NOT EXISTS (
           SELECT
             FROM pg_attribute
            WHERE attrelid = to_regclass('profiles')
              AND attname = 'full_user_id'
              AND NOT attisdropped));
  END IF;
  RETURN EXISTS (
    SELECT
      FROM current_state_events state
     WHERE state.type = 'm.room.member'
       AND state.state_key = member
       AND undercurrent.is_member(state.room_id, member)
       AND undercurrent.is_joined_room(state.room_id, server_name));
END
$function$;
COMMENT ON FUNCTION undercurrent.is_directory_user IS
  'Whether the directory has an entry for a user. Homeservers with profiles.full_user_id want deactivated to be 0, older ones not to be 1.';

CREATE FUNCTION undercurrent.write_directory(user_ids text[], display_names text[], avatar_urls text[]) RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
  INSERT INTO user_directory (user_id, display_name, avatar_url)
  SELECT entry.user_id, entry.display_name, entry.avatar_url
    FROM unnest(user_ids, display_names, avatar_urls) AS entry (user_id, display_name, avatar_url)
   WHERE (SELECT (known.display_name, known.avatar_url, known.room_id)
                 IS NOT DISTINCT FROM (entry.display_name, entry.avatar_url, NULL::text)
            FROM user_directory known
           WHERE known.user_id = entry.user_id) IS NOT TRUE
  ON CONFLICT (user_id) DO UPDATE
     SET display_name = excluded.display_name,
         avatar_url = excluded.avatar_url,
         room_id = NULL;

  INSERT INTO user_directory_search (user_id, vector)
  SELECT entry.user_id, entry.vector
    FROM (
      SELECT user_id,
             setweight(to_tsvector('simple', split_part(substr(user_id, 2), ':', 1)), 'A')
             || setweight(to_tsvector('simple', coalesce(undercurrent.user_domain(user_id), '')), 'D')
             || setweight(to_tsvector('simple', coalesce(display_name, '')), 'B') AS vector
        FROM unnest(user_ids, display_names) AS profile (user_id, display_name)
      OFFSET 0) AS entry
   WHERE (SELECT known.vector = entry.vector
            FROM user_directory_search known
           WHERE known.user_id = entry.user_id) IS NOT TRUE
  ON CONFLICT (user_id) DO UPDATE
     SET vector = excluded.vector;

  IF to_regclass('user_directory_stale_remote_users') IS NOT NULL THEN
    DELETE FROM user_directory_stale_remote_users stale WHERE stale.user_id = ANY (user_ids);
  END IF;
END
$function$;
COMMENT ON FUNCTION undercurrent.write_directory IS
  'Puts users into user_directory and user_directory_search, where they differ; newer homeservers need not ask for these profiles any more.';
