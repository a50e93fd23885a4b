-- Members: who is in which room, and how. Most have joined, the creator always.

CREATE TEMPORARY TABLE sample_member ON COMMIT DROP AS
SELECT room_id,
       odd_kind,
       21 + seat AS slot,
       stream_start + 21 + seat AS stream_ordering,
       pg_temp.sample_event_id(stream_start + 21 + seat, format_version, member.domain) AS event_id,
       pg_temp.sample_event_id(stream_start + 20 + seat, format_version, member.domain) AS previous_event_id,
       pg_temp.sample_event_id(stream_start + 1, format_version, creator.domain) AS create_event_id,
       format_version,
       member.user_id,
       CASE WHEN membership IN ('join', 'leave', 'knock') THEN member.user_id ELSE creator.user_id END AS sender,
       membership,
       member.display_name,
       member.avatar_url
  FROM sample_room
  JOIN sample_user creator ON creator.person = sample_room.creator
 CROSS JOIN LATERAL generate_series(0, members - 1) AS seat
 CROSS JOIN LATERAL (
  SELECT CASE
           WHEN seat = 0 THEN 'join'
           WHEN dice < 76 THEN 'join'
           WHEN dice < 88 THEN 'leave'
           WHEN dice < 94 THEN 'invite'
           WHEN dice < 98 THEN 'ban'
           ELSE 'knock'
         END AS membership
    FROM (SELECT (number * 31 + seat * 17) % 100 AS dice) AS thrown
 ) AS drawn
  JOIN sample_user member
    ON member.person = (sample_room.creator + CASE WHEN local_only THEN 3 * seat ELSE seat END) % people;

-- Without an event (33) a member is joined, but not counted among the local users.
INSERT INTO events (
  topological_ordering, event_id, type, room_id, processed, outlier, depth, origin_server_ts, received_ts, sender,
  contains_url, instance_name, stream_ordering, state_key)
SELECT slot, event_id, 'm.room.member', room_id, true, false, slot, 1600000000000 + stream_ordering * 1000,
       1600000000050 + stream_ordering * 1000, sender, false, 'master', stream_ordering, user_id
  FROM sample_member
 WHERE odd_kind IS DISTINCT FROM 33;

INSERT INTO event_json (event_id, room_id, internal_metadata, json, format_version)
SELECT event_id, room_id, '{"historical":false}',
       pg_temp.sample_json(
         event_id, format_version, 'm.room.member', room_id, sender, user_id,
         '{"membership":"' || membership || '"'
             || coalesce(',"displayname":"' || display_name || '"', '')
             || coalesce(',"avatar_url":"' || avatar_url || '"', '') || '}',
         slot, stream_ordering, previous_event_id, create_event_id),
       format_version
  FROM sample_member
 WHERE odd_kind IS DISTINCT FROM 33;

INSERT INTO room_memberships (event_id, user_id, sender, room_id, membership, display_name, avatar_url)
SELECT event_id, user_id, sender, room_id, membership, display_name, avatar_url
  FROM sample_member;

-- Memberships that were never filled in (31) or that no counter knows (32), and ones that
-- room_memberships has otherwise (49).
INSERT INTO current_state_events (event_id, room_id, type, state_key, membership)
SELECT event_id, room_id, 'm.room.member', user_id,
       CASE odd_kind
         WHEN 31 THEN NULL
         WHEN 32 THEN 'lurk'
         WHEN 49 THEN 'leave'
         ELSE membership
       END
  FROM sample_member
 WHERE odd_kind IS DISTINCT FROM 30;

INSERT INTO current_state_delta_stream (stream_id, room_id, type, state_key, event_id, instance_name)
SELECT stream_ordering, room_id, 'm.room.member', user_id, event_id, 'master'
  FROM sample_member;

INSERT INTO stream_positions (stream_name, instance_name, stream_id)
SELECT 'events', 'master', max(stream_ordering)
  FROM events;

INSERT INTO stats_incremental_position (stream_id)
SELECT max(stream_id)
  FROM current_state_delta_stream;

INSERT INTO user_directory_stream_pos (stream_id)
SELECT max(stream_id)
  FROM current_state_delta_stream;

DROP FUNCTION pg_temp.sample_json;
DROP FUNCTION pg_temp.sample_event_id;
