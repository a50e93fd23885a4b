-- The rooms' state events but for the members. sample_state is filled with what rooms usually have,
-- made odd where odd_kind says so, and copied to the homeserver's tables.
-- Event ids have the form of their room version but are no hashes of their events,
-- so the sample is not for a real homeserver to run on.

CREATE FUNCTION pg_temp.sample_event_id(stream_ordering bigint, format_version integer, domain text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE format_version
           WHEN 1 THEN '$' || 160000000000000 + stream_ordering || 'sampl:' || domain
           WHEN 2 THEN '$' || left(encode(sha256(stream_ordering::text::bytea), 'base64'), 43)
           ELSE '$' || translate(left(encode(sha256(stream_ordering::text::bytea), 'base64'), 43), '+/', '-_')
         END
$$;

-- The text that event_json.json holds, with content as its only part of interest.
CREATE FUNCTION pg_temp.sample_json(
  event_id text, format_version integer, type text, room_id text, sender text, state_key text, content text,
  depth bigint, stream_ordering bigint, previous_event_id text, create_event_id text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT '{"auth_events":["' || create_event_id || '","' || previous_event_id || '"],"prev_events":["' || previous_event_id
      || '"],"type":"' || type || '","room_id":"' || room_id || '","sender":"' || sender || '","content":' || content
      || ',"depth":' || depth || ',"prev_state":[]'
      || coalesce(',"state_key":"' || state_key || '"', '')
      || CASE WHEN format_version = 1 THEN ',"event_id":"' || event_id || '"' ELSE '' END
      || ',"origin":"' || split_part(sender, ':', 2) || '","origin_server_ts":' || 1600000000000 + stream_ordering * 1000
      || ',"hashes":{"sha256":"' || substr(event_id, 2, 43) || '"},"signatures":{"' || split_part(sender, ':', 2)
      || '":{"ed25519:a_smpl":"' || substr(event_id, 2, 43) || substr(previous_event_id, 2, 43)
      || '"}},"unsigned":{"age_ts":' || 1600000000000 + stream_ordering * 1000 || '}}'
$$;

CREATE TEMPORARY TABLE sample_state ON COMMIT DROP AS
SELECT number,
       odd_kind,
       room_id,
       slot,
       stream_start + slot AS stream_ordering,
       pg_temp.sample_event_id(stream_start + slot, format_version, creator.domain) AS event_id,
       pg_temp.sample_event_id(stream_start + slot - 1, format_version, creator.domain) AS previous_event_id,
       pg_temp.sample_event_id(stream_start + 1, format_version, creator.domain) AS create_event_id,
       creator.user_id AS sender,
       type,
       state_key,
       content,
       format_version,
       '{"historical":false}' AS internal_metadata,
       NULL::text AS json,
       true AS in_events,
       true AS in_event_json,
       true AS in_state,
       NULL::text AS rejection
  FROM sample_room
  JOIN sample_user creator ON person = creator
 CROSS JOIN LATERAL (
  VALUES
    (1, true, 'm.room.create', '',
      '{"room_version":"' || room_version || '","creator":"' || creator.user_id || '"'
          || CASE WHEN dice % 100 < 5 THEN ',"type":"m.space"' ELSE '' END
          || CASE WHEN number % 40 = 17 THEN ',"m.federate":false' ELSE '' END || '}'),
    (2, true, 'm.room.power_levels', '',
      '{"users":{"' || creator.user_id || '":100},"users_default":0,"events":{"m.room.name":50,"m.room.power_levels":100,'
          || '"m.room.history_visibility":100,"m.room.canonical_alias":50,"m.room.avatar":50},"events_default":0,'
          || '"state_default":50,"ban":50,"kick":50,"redact":50,"invite":0}'),
    (3, true, 'm.room.join_rules', '',
      CASE
        WHEN public THEN '{"join_rule":"public"}'
        WHEN room_version IN ('7', '8', '9', '10') AND number % 7 = 1 THEN '{"join_rule":"knock"}'
        WHEN room_version IN ('8', '9', '10') AND number % 7 = 2
          THEN '{"join_rule":"restricted","allow":[{"type":"m.room_membership","room_id":"' || room_id || '"}]}'
        ELSE '{"join_rule":"invite"}'
      END),
    (4, true, 'm.room.history_visibility', '',
      CASE
        WHEN dice % 101 < 3 THEN '{"history_visibility":"world_readable"}'
        WHEN dice % 101 < 8 THEN '{"history_visibility":"joined"}'
        WHEN dice % 101 < 12 THEN '{"history_visibility":"invited"}'
        ELSE '{"history_visibility":"shared"}'
      END),
    (5, number % 5 > 0, 'm.room.guest_access', '',
      CASE WHEN public THEN '{"guest_access":"forbidden"}' ELSE '{"guest_access":"can_join"}' END),
    (6, members > 2 OR number % 3 > 0 OR odd_kind > 0, 'm.room.name', '',
      '{"name":"' || (ARRAY['Garden', 'Chess', 'Release', 'Küche', 'Bergwacht', 'Телескоп', '読書会', 'Choir', 'Support', 'Lab'])
            [1 + number * 3 % 10]
          || ' ' || (ARRAY['talk', 'team', 'news', 'planning', 'off-topic', '🏠', 'meetup'])[1 + number % 7] || ' ' || number || '"}'),
    (7, members > 5 OR number % 4 = 0 OR odd_kind > 0, 'm.room.topic', '',
      '{"topic":"' || CASE
            WHEN number % 9 = 4 THEN 'Everything about \"room ' || number || '\"\nPlease be kind to each other.'
            ELSE 'What we do on weekends, part ' || number
          END || '"}'),
    (8, (NOT public AND number % 2 = 0) OR odd_kind > 0, 'm.room.encryption', '',
      '{"algorithm":"m.megolm.v1.aes-sha2"}'),
    (9, public OR odd_kind > 0, 'm.room.canonical_alias', '',
      '{"alias":"#room' || number || ':' || creator.domain || '"'
          || CASE WHEN number % 3 = 0 THEN ',"alt_aliases":["#other' || number || ':' || creator.domain || '"]' ELSE '' END || '}'),
    (10, number % 4 = 1 OR odd_kind > 0, 'm.room.avatar', '',
      '{"url":"mxc://' || creator.domain || '/' || left(md5('avatar ' || number), 24) || '","info":{"w":256,"h":256}}'),
    (11, public AND number % 2 = 0, 'm.room.server_acl', '',
      '{"allow":["*"],"deny":["spam.example"],"allow_ip_literals":false}'),
    (12, number % 6 = 0, 'm.space.parent', '!parent:sample.test',
      '{"via":["sample.test"],"canonical":true}'),
    (13, number % 12 = 5, 'im.vector.modular.widgets', 'widget_1',
      '{"type":"m.custom","url":"https://widget.example/?theme=$theme","name":"Board","data":{}}'),
    (14, odd_kind = 34, 'm.room.name', 'not the name', '{"name":"has another state_key"}'))
  AS usual(slot, present, type, state_key, content)
 WHERE present;

-- Odd contents: what a homeserver has accepted from strangers over the years.
UPDATE sample_state
   SET content = odd.content
  FROM (
    VALUES
      (17, 'm.room.name', '{"name":"zero \u0000 inside"}'),
      (17, 'm.room.topic', '{"topic":"fine next to it"}'),
      (18, 'm.room.topic', '{"topic":"lone high \ud800 surrogate"}'),
      (18, 'm.room.name', '{"name":"lone low \udc00 surrogate"}'),
      (19, 'm.room.name', '{"name":"a pair: \ud83d\ude00"}'),
      (19, 'm.room.topic', '{"topic":"pair \ud83d\ude00 and zero \u0000"}'),
      (20, 'm.room.topic', '{"topic":"not a zero: \\u0000, not a surrogate: \\ud800"}'),
      (20, 'm.room.name', '{"name":"backslash and a zero: \\\u0000"}'),
      (21, 'm.room.name', '{"name":""}'),
      (21, 'm.room.topic', '{"topic":""}'),
      (22, 'm.room.name', '{"name":42}'),
      (22, 'm.room.topic', '{"topic":null}'),
      (22, 'm.room.avatar', '{"url":{"not":"a string"}}'),
      (22, 'm.room.canonical_alias', '{"alt_aliases":["#only:sample.test"]}'),
      (23, 'm.room.create', '{"m.federate":"yes"}'),
      (24, 'm.room.create', '{"m.federate":null}'),
      (25, 'm.room.create', '{"m.federate":1}'),
      (26, 'm.room.create', '{"m.federate":true,"type":"org.example.forum"}'),
      (27, 'm.room.create', '{"type":""}'),
      (28, 'm.room.create', '{"type":7}'),
      (29, 'm.room.name', '["not an object"]'),
      (29, 'm.room.create', '"not an object either"'),
      (37, 'm.room.topic', '{"topic":"deeply nested","deep":' || repeat('[', 20000) || repeat(']', 20000) || '}'),
      (38, 'm.room.topic', '{"topic":"huge number","number":1e999999}'),
      (40, 'm.room.create', '{"type":"m.\u0000space","m.federate":false}'),
      (41, 'm.room.name', '{"name":"first of two","name":"second of two"}'),
      (42, 'm.room.name', '{"n\u0061me":"its key is escaped"}'),
      (43, 'm.room.name', '{"name\u0000":"its key has a zero"}'))
    AS odd(kind, type, content)
 WHERE sample_state.odd_kind = odd.kind
   AND sample_state.type = odd.type
   AND sample_state.state_key = '';

UPDATE sample_state
   SET json = CASE odd_kind
                WHEN 8 THEN '{"type":"m.room.name","content":{"name":"cut o'
                WHEN 36 THEN '["m.room.name", "not an object"]'
                WHEN 44 THEN ''
              END
 WHERE type = 'm.room.name'
   AND odd_kind IN (8, 36, 44);

UPDATE sample_state
   SET internal_metadata = CASE WHEN odd_kind = 9 THEN '{"historical":' ELSE internal_metadata END,
       rejection = CASE WHEN odd_kind = 5 THEN 'auth_error' END,
       in_events = odd_kind <> 7,
       in_event_json = odd_kind <> 6,
       format_version = CASE WHEN odd_kind = 4 THEN format_version % 3 + 1 ELSE format_version END
 WHERE type = 'm.room.topic'
   AND odd_kind IN (4, 5, 6, 7, 9);

-- From before event formats were numbered; no version means the first.
UPDATE sample_state
   SET format_version = NULL
 WHERE odd_kind = 39;

-- Without a create event (35), without any state, as after the last local user has left (30).
UPDATE sample_state
   SET in_state = false
 WHERE odd_kind = 30
    OR odd_kind = 35 AND type = 'm.room.create';

INSERT INTO events (
  topological_ordering, event_id, type, room_id, processed, outlier, depth, origin_server_ts, received_ts, sender,
  contains_url, instance_name, stream_ordering, state_key, rejection_reason)
SELECT slot, event_id, type, room_id, true, false, slot, 1600000000000 + stream_ordering * 1000,
       1600000000050 + stream_ordering * 1000, sender, type = 'm.room.avatar', 'master', stream_ordering, state_key, rejection
  FROM sample_state
 WHERE in_events;

INSERT INTO event_json (event_id, room_id, internal_metadata, json, format_version)
SELECT event_id, room_id, internal_metadata,
       coalesce(json, pg_temp.sample_json(
         event_id, coalesce(format_version, 1), type, room_id, sender, state_key, content, slot, stream_ordering,
         previous_event_id, create_event_id)),
       format_version
  FROM sample_state
 WHERE in_event_json;

INSERT INTO rejections (event_id, reason, last_check)
SELECT event_id, rejection, '0'
  FROM sample_state
 WHERE rejection IS NOT NULL;

INSERT INTO current_state_events (event_id, room_id, type, state_key)
SELECT event_id, room_id, type, state_key
  FROM sample_state
 WHERE in_state;

INSERT INTO current_state_delta_stream (stream_id, room_id, type, state_key, event_id, instance_name)
SELECT stream_ordering, room_id, type, state_key, event_id, 'master'
  FROM sample_state;

-- Redactions: of what, by whom, and what is wrong with some of them. A redaction in another room (12),
-- one to be rechecked whose sender is from another server (13), a rejected one (15) and lost ones (16, 46) do not count.
CREATE TEMPORARY TABLE sample_redaction ON COMMIT DROP AS
SELECT state.odd_kind,
       redaction.slot,
       state.stream_ordering - state.slot + redaction.slot AS stream_ordering,
       pg_temp.sample_event_id(
         state.stream_ordering - state.slot + redaction.slot, coalesce(state.format_version, 1), redaction.domain) AS event_id,
       state.event_id AS redacts,
       CASE WHEN redaction.elsewhere THEN other.room_id ELSE state.room_id END AS room_id,
       CASE WHEN redaction.domain = 'sample.test' THEN state.sender ELSE '@moderator:' || redaction.domain END AS sender,
       state.format_version,
       redaction.recheck,
       redaction.in_events,
       redaction.in_event_json,
       redaction.rejected,
       state.create_event_id
  FROM (
    VALUES
      (10, 'm.room.name', 15, 'sample.test', false, false, true, true, false),
      (11, 'm.room.join_rules', 15, 'sample.test', false, false, true, true, false),
      (11, 'm.room.history_visibility', 16, 'sample.test', false, false, true, true, false),
      (11, 'm.room.topic', 17, 'chat.example', false, false, true, true, false),
      (11, 'm.room.encryption', 18, 'sample.test', false, false, true, true, false),
      (12, 'm.room.name', 15, 'sample.test', true, false, true, true, false),
      (13, 'm.room.name', 15, 'chat.example', false, true, true, true, false),
      (14, 'm.room.name', 15, 'sample.test', false, true, true, true, false),
      (15, 'm.room.name', 15, 'sample.test', false, false, true, true, true),
      (16, 'm.room.name', 15, 'sample.test', false, false, true, false, false),
      (45, 'm.room.create', 15, 'sample.test', false, false, true, true, false),
      (46, 'm.room.name', 15, 'sample.test', false, false, false, false, false),
      (48, 'm.room.name', 15, 'chat.example', false, true, true, true, false),
      (48, 'm.room.name', 16, 'sample.test', false, true, true, true, false))
    AS redaction(kind, type, slot, domain, elsewhere, recheck, in_events, in_event_json, rejected)
  JOIN sample_state state ON state.odd_kind = redaction.kind
                         AND state.type = redaction.type
                         AND state.state_key = ''
  JOIN sample_room other ON other.number = greatest(1, state.number - 1);

INSERT INTO redactions (event_id, redacts, have_censored, received_ts)
SELECT event_id, redacts, false, 1600000000050 + stream_ordering * 1000
  FROM sample_redaction;

INSERT INTO events (
  topological_ordering, event_id, type, room_id, processed, outlier, depth, origin_server_ts, received_ts, sender,
  contains_url, instance_name, stream_ordering)
SELECT slot, event_id, 'm.room.redaction', room_id, true, false, slot, 1600000000000 + stream_ordering * 1000,
       1600000000050 + stream_ordering * 1000, sender, false, 'master', stream_ordering
  FROM sample_redaction
 WHERE in_events;

INSERT INTO event_json (event_id, room_id, internal_metadata, json, format_version)
SELECT event_id, room_id,
       CASE WHEN recheck THEN '{"recheck_redaction":true}' ELSE '{"historical":false}' END,
       pg_temp.sample_json(
         event_id, coalesce(format_version, 1), 'm.room.redaction', room_id, sender, NULL,
         '{"reason":"spam","redacts":"' || redacts || '"}', slot, stream_ordering, redacts, create_event_id),
       format_version
  FROM sample_redaction
 WHERE in_event_json;

INSERT INTO rejections (event_id, reason, last_check)
SELECT event_id, 'auth_error', '0'
  FROM sample_redaction
 WHERE rejected;

-- A message in every fifth room; half of them were rejected, the others are redacted.
CREATE TEMPORARY TABLE sample_message ON COMMIT DROP AS
SELECT room_id,
       number % 10 = 0 AS rejected,
       message.*,
       pg_temp.sample_event_id(stream_start + slot, format_version, 'matrix.example') AS event_id,
       pg_temp.sample_event_id(stream_start + 19, format_version, 'matrix.example') AS redacts,
       stream_start + slot AS stream_ordering,
       pg_temp.sample_event_id(stream_start + 1, format_version, 'matrix.example') AS create_event_id,
       format_version
  FROM sample_room
 CROSS JOIN (
    VALUES
      (19, 'm.room.message', '{"msgtype":"m.text","body":"Buy now!"}'),
      (20, 'm.room.redaction', '{"reason":"spam"}'))
    AS message(slot, type, content)
 WHERE number % 10 = 5
    OR number % 10 = 0 AND slot = 19;

INSERT INTO events (
  topological_ordering, event_id, type, room_id, processed, outlier, depth, origin_server_ts, received_ts, sender,
  contains_url, instance_name, stream_ordering, rejection_reason)
SELECT slot, event_id, type, room_id, true, false, slot, 1600000000000 + stream_ordering * 1000,
       1600000000050 + stream_ordering * 1000, '@spam:matrix.example', false, 'master', stream_ordering,
       CASE WHEN rejected THEN 'auth_error' END
  FROM sample_message;

INSERT INTO event_json (event_id, room_id, internal_metadata, json, format_version)
SELECT event_id, room_id, '{"historical":false}',
       pg_temp.sample_json(
         event_id, format_version, type, room_id, '@spam:matrix.example', NULL, content, slot, stream_ordering, redacts,
         create_event_id),
       format_version
  FROM sample_message;

INSERT INTO rejections (event_id, reason, last_check)
SELECT event_id, 'auth_error', '0'
  FROM sample_message
 WHERE rejected;

INSERT INTO redactions (event_id, redacts, have_censored, received_ts)
SELECT event_id, redacts, true, 1600000000050 + stream_ordering * 1000
  FROM sample_message
 WHERE type = 'm.room.redaction';

-- Statistics of an earlier run: they are overwritten, but guest_access is kept (47), and rooms without state keep theirs (30).
INSERT INTO room_stats_state (room_id, name, guest_access, is_federatable)
SELECT room_id, 'An old name', 'can_join', false
  FROM sample_room
 WHERE odd_kind IN (30, 47);

INSERT INTO room_stats_current (
  room_id, current_state_events, joined_members, invited_members, left_members, banned_members, local_users_in_room,
  completed_delta_stream_id, knocked_members)
SELECT room_id, 99, 99, 99, 99, 99, 99, 99, 99
  FROM sample_room
 WHERE odd_kind IN (30, 47);
