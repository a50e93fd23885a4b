DELETE FROM user_directory;

DELETE FROM user_directory_search;

DELETE FROM users_in_public_rooms;

DELETE FROM users_who_share_private_rooms;

CREATE TEMPORARY TABLE included ON COMMIT DROP AS
SELECT name
  FROM users
 WHERE name <> :sender
   AND name !~ :exclusive_users
   AND user_type IS DISTINCT FROM 'support'
   AND deactivated <> 1;

CREATE TEMPORARY TABLE room ON COMMIT DROP AS
SELECT state.room_id,
       bool_or(undercurrent.json_string(content, 'join_rule') = 'public' AND type = 'm.room.join_rules'
            OR undercurrent.json_string(content, 'history_visibility') = 'world_readable' AND type = 'm.room.history_visibility')
         IS TRUE AS public
  FROM current_state_events state
  JOIN rooms ON rooms.room_id = state.room_id
  JOIN event_json e ON e.event_id = state.event_id AND e.room_id = state.room_id
   AND coalesce(e.format_version, 1) = undercurrent.event_format(rooms.room_version)
 CROSS JOIN LATERAL (SELECT undercurrent.event_content(e.json, e.internal_metadata) AS content OFFSET 0) AS read
 WHERE state.state_key = ''
   AND state.type IN ('m.room.join_rules', 'm.room.history_visibility')
   AND EXISTS (SELECT FROM events WHERE events.event_id = e.event_id)
   AND NOT EXISTS (SELECT FROM rejections WHERE rejections.event_id = e.event_id)
 GROUP BY state.room_id;

CREATE TEMPORARY TABLE member ON COMMIT DROP AS
SELECT joined.*, coalesce(room.public, false) AS public, count(*) FILTER (WHERE local) OVER (PARTITION BY room_id) AS locals
  FROM (
    SELECT state.room_id, state.state_key AS user_id, undercurrent.user_domain(state.state_key) = :server_name AS local,
           m.display_name, m.avatar_url
      FROM current_state_events state
      JOIN room_memberships m ON m.event_id = state.event_id AND m.room_id = state.room_id AND m.user_id = state.state_key
     WHERE state.type = 'm.room.member'
       AND m.membership = 'join') AS joined
  LEFT JOIN room USING (room_id);

DELETE FROM member
 WHERE locals = 0
    OR local AND user_id NOT IN (TABLE included);

ANALYZE member;

INSERT INTO users_in_public_rooms (user_id, room_id)
SELECT user_id, room_id
  FROM member
 WHERE public;

INSERT INTO users_who_share_private_rooms (user_id, other_user_id, room_id)
SELECT one.user_id, other.user_id, room_id
  FROM member one
  JOIN member other USING (room_id)
 WHERE NOT one.public
   AND one.local
   AND one.user_id <> other.user_id;

CREATE TEMPORARY TABLE directory ON COMMIT DROP AS
SELECT name AS user_id, displayname AS display_name, avatar_url
  FROM included
  LEFT JOIN profiles ON profiles.user_id = split_part(substr(name, 2), ':', 1)
UNION ALL
SELECT *
  FROM (
    SELECT DISTINCT ON (user_id) user_id, display_name, avatar_url
      FROM member
      JOIN (SELECT room_id, count(*) AS size FROM current_state_events GROUP BY room_id) AS sized USING (room_id)
     WHERE NOT local
     ORDER BY user_id, size, room_id) AS remote;

INSERT INTO user_directory (user_id, display_name, avatar_url)
TABLE directory;

INSERT INTO user_directory_search (user_id, vector)
SELECT user_id,
       setweight(to_tsvector('simple', split_part(substr(user_id, 2), ':', 1)), 'A')
       || setweight(to_tsvector('simple', coalesce(undercurrent.user_domain(user_id), '')), 'D')
       || setweight(to_tsvector('simple', coalesce(display_name, '')), 'B')
  FROM directory;

INSERT INTO user_directory_stream_pos (stream_id)
SELECT coalesce(max(stream_id), -1)
  FROM current_state_delta_stream
ON CONFLICT (lock) DO UPDATE SET stream_id = excluded.stream_id;
