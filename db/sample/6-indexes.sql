-- Keys and indexes under the homeserver's names, then the planner's statistics.

SET LOCAL maintenance_work_mem = '256MB';

ALTER TABLE background_updates ADD CONSTRAINT background_updates_uniqueness UNIQUE (update_name);

ALTER TABLE rooms ADD CONSTRAINT rooms_pkey PRIMARY KEY (room_id);
CREATE INDEX public_room_index ON rooms (is_public);

ALTER TABLE current_state_events ADD CONSTRAINT current_state_events_event_id_key UNIQUE (event_id);
ALTER TABLE current_state_events
  ADD CONSTRAINT current_state_events_room_id_type_state_key_key UNIQUE (room_id, type, state_key);
CREATE INDEX current_state_events_member_index ON current_state_events (state_key) WHERE type = 'm.room.member';

CREATE UNIQUE INDEX event_id_unique_idx ON events (event_id);
CREATE UNIQUE INDEX events_stream_ordering ON events (stream_ordering);
CREATE INDEX events_order_room ON events (room_id, topological_ordering, stream_ordering);
CREATE INDEX events_room_stream ON events (room_id, stream_ordering);
CREATE INDEX events_ts ON events (origin_server_ts, stream_ordering);

ALTER TABLE event_json ADD CONSTRAINT event_json_event_id_key UNIQUE (event_id);

ALTER TABLE room_memberships ADD CONSTRAINT room_memberships_event_id_key UNIQUE (event_id);
CREATE INDEX room_memberships_room_id ON room_memberships (room_id);
CREATE INDEX room_memberships_user_id ON room_memberships (user_id);
CREATE INDEX room_memberships_user_room_forgotten ON room_memberships (user_id, room_id) WHERE forgotten = 1;

ALTER TABLE redactions ADD CONSTRAINT redactions_event_id_key UNIQUE (event_id);
CREATE INDEX redactions_redacts ON redactions (redacts);

ALTER TABLE rejections ADD CONSTRAINT rejections_event_id_key UNIQUE (event_id);

ALTER TABLE users ADD CONSTRAINT users_name_key UNIQUE (name);
CREATE INDEX users_creation_ts ON users (creation_ts);

ALTER TABLE profiles ADD CONSTRAINT profiles_user_id_key UNIQUE (user_id);

ALTER TABLE access_tokens ADD CONSTRAINT access_tokens_pkey PRIMARY KEY (id);
ALTER TABLE access_tokens ADD CONSTRAINT access_tokens_token_key UNIQUE (token);
CREATE INDEX access_tokens_device_id ON access_tokens (user_id, device_id);

CREATE INDEX current_state_delta_stream_idx ON current_state_delta_stream (stream_id);

ALTER TABLE room_stats_current ADD CONSTRAINT room_stats_current_pkey PRIMARY KEY (room_id);
CREATE UNIQUE INDEX room_stats_state_room ON room_stats_state (room_id);
ALTER TABLE user_stats_current ADD CONSTRAINT user_stats_current_pkey PRIMARY KEY (user_id);

CREATE UNIQUE INDEX user_directory_user_idx ON user_directory (user_id);
CREATE INDEX user_directory_room_idx ON user_directory (room_id);
CREATE UNIQUE INDEX user_directory_search_user_idx ON user_directory_search (user_id);
CREATE INDEX user_directory_search_fts_idx ON user_directory_search USING gin (vector);
ALTER TABLE user_directory_stream_pos ADD CONSTRAINT user_directory_stream_pos_lock_key UNIQUE (lock);

CREATE UNIQUE INDEX users_in_public_rooms_u_idx ON users_in_public_rooms (user_id, room_id);
CREATE INDEX users_in_public_rooms_r_idx ON users_in_public_rooms (room_id);
CREATE UNIQUE INDEX users_who_share_private_rooms_u_idx
  ON users_who_share_private_rooms (user_id, other_user_id, room_id);
CREATE INDEX users_who_share_private_rooms_o_idx ON users_who_share_private_rooms (other_user_id);
CREATE INDEX users_who_share_private_rooms_r_idx ON users_who_share_private_rooms (room_id);

ALTER TABLE stats_incremental_position ADD CONSTRAINT stats_incremental_position_lock_key UNIQUE (lock);
CREATE UNIQUE INDEX stream_positions_idx ON stream_positions (stream_name, instance_name);

ANALYZE
  background_updates, rooms, current_state_events, events, event_json, room_memberships, redactions, rejections, users,
  profiles, access_tokens, current_state_delta_stream, room_stats_current, room_stats_state, stats_incremental_position,
  stream_positions;
