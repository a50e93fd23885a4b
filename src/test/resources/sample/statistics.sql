WITH content AS MATERIALIZED (
  SELECT state.room_id, state.type, undercurrent.event_content(e.json, e.internal_metadata) AS content
    FROM current_state_events state
    JOIN rooms ON rooms.room_id = state.room_id
    JOIN event_json e ON e.event_id = state.event_id AND e.room_id = state.room_id
     AND coalesce(e.format_version, 1) = undercurrent.event_format(rooms.room_version)
    JOIN events ON events.event_id = state.event_id
   WHERE state.state_key = ''
     AND state.type IN ('m.room.create', 'm.room.join_rules', 'm.room.history_visibility', 'm.room.encryption',
                        'm.room.name', 'm.room.topic', 'm.room.avatar', 'm.room.canonical_alias')
     AND NOT EXISTS (SELECT FROM rejections WHERE rejections.event_id = state.event_id)
     AND (state.type IN ('m.room.create', 'm.room.join_rules', 'm.room.history_visibility')
       OR NOT EXISTS (
         SELECT FROM redactions
           JOIN event_json r ON r.event_id = redactions.event_id
           JOIN events v ON v.event_id = r.event_id
          WHERE redactions.redacts = e.event_id
            AND r.room_id = e.room_id
            AND coalesce(r.format_version, 1) = undercurrent.event_format(rooms.room_version)
            AND NOT EXISTS (SELECT FROM rejections WHERE rejections.event_id = r.event_id)
            AND undercurrent.parse_json(r.json) IS NOT NULL
            AND CASE undercurrent.parse_json(r.internal_metadata) -> 'recheck_redaction'
                  WHEN 'true' THEN
                    undercurrent.user_domain(undercurrent.json_string(undercurrent.parse_json(r.json), 'sender'))
                    = undercurrent.user_domain(undercurrent.json_string(undercurrent.parse_json(e.json), 'sender'))
                  ELSE undercurrent.parse_json(r.internal_metadata) IS NOT NULL
                END))
),
contents AS (
  SELECT room_id,
         max(undercurrent.json_string(content, 'join_rule')) FILTER (WHERE type = 'm.room.join_rules') AS join_rules,
         max(undercurrent.json_string(content, 'history_visibility')) FILTER (WHERE type = 'm.room.history_visibility') AS history_visibility,
         max(undercurrent.json_string(content, 'algorithm')) FILTER (WHERE type = 'm.room.encryption') AS encryption,
         max(undercurrent.json_string(content, 'name')) FILTER (WHERE type = 'm.room.name') AS name,
         max(undercurrent.json_string(content, 'topic')) FILTER (WHERE type = 'm.room.topic') AS topic,
         max(undercurrent.json_string(content, 'url')) FILTER (WHERE type = 'm.room.avatar') AS avatar,
         max(undercurrent.json_string(content, 'alias')) FILTER (WHERE type = 'm.room.canonical_alias') AS canonical_alias,
         max(undercurrent.json_string(content, 'type')) FILTER (WHERE type = 'm.room.create') AS room_type,
         bool_and(content -> 'm.federate' = 'true') FILTER (WHERE type = 'm.room.create') AS is_federatable
    FROM content
   GROUP BY room_id
),
counts AS MATERIALIZED (
  SELECT state.room_id,
         count(*) AS current_state_events,
         count(*) FILTER (WHERE state.type = 'm.room.member' AND membership = 'join') AS joined_members,
         count(*) FILTER (WHERE state.type = 'm.room.member' AND membership = 'invite') AS invited_members,
         count(*) FILTER (WHERE state.type = 'm.room.member' AND membership = 'leave') AS left_members,
         count(*) FILTER (WHERE state.type = 'm.room.member' AND membership = 'ban') AS banned_members,
         count(*) FILTER (WHERE state.type = 'm.room.member' AND membership = 'knock') AS knocked_members,
         count(events.event_id) AS local_users_in_room
    FROM current_state_events state
    LEFT JOIN events ON events.event_id = state.event_id
                    AND state.type = 'm.room.member'
                    AND membership = 'join'
                    AND undercurrent.user_domain(state.state_key) = :server_name
   GROUP BY state.room_id
),
room_state AS (
  INSERT INTO room_stats_state (
    room_id, name, canonical_alias, join_rules, history_visibility, encryption, avatar, is_federatable, topic, room_type)
  SELECT room_id, name, canonical_alias, join_rules, history_visibility, encryption, avatar, coalesce(is_federatable, true), topic, room_type
    FROM counts
    LEFT JOIN contents USING (room_id)
  ON CONFLICT (room_id) DO UPDATE
     SET name = excluded.name, canonical_alias = excluded.canonical_alias, join_rules = excluded.join_rules,
         history_visibility = excluded.history_visibility, encryption = excluded.encryption, avatar = excluded.avatar,
         is_federatable = excluded.is_federatable, topic = excluded.topic, room_type = excluded.room_type
)
INSERT INTO room_stats_current (
  room_id, current_state_events, joined_members, invited_members, left_members, banned_members, knocked_members,
  local_users_in_room, completed_delta_stream_id)
SELECT room_id, current_state_events, joined_members, invited_members, left_members, banned_members, knocked_members,
       local_users_in_room,
       greatest((SELECT max(stream_ordering) FROM events), (SELECT min(stream_id) FROM stream_positions WHERE stream_name = 'events'), 1)
  FROM counts
ON CONFLICT (room_id) DO UPDATE
   SET current_state_events = excluded.current_state_events, joined_members = excluded.joined_members,
       invited_members = excluded.invited_members, left_members = excluded.left_members,
       banned_members = excluded.banned_members, knocked_members = excluded.knocked_members,
       local_users_in_room = excluded.local_users_in_room,
       completed_delta_stream_id = excluded.completed_delta_stream_id
