-- The tables of a homeserver that its background updates read and write, as in its schema 72.
-- Keys and indexes come last, in 6-indexes.sql: a filled table is indexed faster than an indexed one is filled.

CREATE TABLE background_updates (
  update_name text NOT NULL,
  progress_json text NOT NULL,
  depends_on text,
  ordering integer NOT NULL DEFAULT 0
);

CREATE TABLE rooms (
  room_id text NOT NULL,
  is_public boolean,
  creator text,
  room_version text,
  has_auth_chain_index boolean
);

CREATE TABLE current_state_events (
  event_id text NOT NULL,
  room_id text NOT NULL,
  type text NOT NULL,
  state_key text NOT NULL,
  membership text
);

CREATE TABLE events (
  topological_ordering bigint NOT NULL,
  event_id text NOT NULL,
  type text NOT NULL,
  room_id text NOT NULL,
  content text,
  unrecognized_keys text,
  processed boolean NOT NULL,
  outlier boolean NOT NULL,
  depth bigint NOT NULL DEFAULT 0,
  origin_server_ts bigint,
  received_ts bigint,
  sender text,
  contains_url boolean,
  instance_name text,
  stream_ordering bigint,
  state_key text,
  rejection_reason text
);

CREATE TABLE event_json (
  event_id text NOT NULL,
  room_id text NOT NULL,
  internal_metadata text NOT NULL,
  json text NOT NULL,
  format_version integer
);

CREATE TABLE room_memberships (
  event_id text NOT NULL,
  user_id text NOT NULL,
  sender text NOT NULL,
  room_id text NOT NULL,
  membership text NOT NULL,
  forgotten integer DEFAULT 0,
  display_name text,
  avatar_url text
);

CREATE TABLE redactions (
  event_id text NOT NULL,
  redacts text NOT NULL,
  have_censored boolean NOT NULL DEFAULT false,
  received_ts bigint
);

CREATE TABLE rejections (
  event_id text NOT NULL,
  reason text NOT NULL,
  last_check text NOT NULL
);

CREATE TABLE users (
  name text,
  password_hash text,
  creation_ts bigint,
  admin smallint NOT NULL DEFAULT 0,
  upgrade_ts bigint,
  is_guest smallint NOT NULL DEFAULT 0,
  appservice_id text,
  consent_version text,
  consent_server_notice_sent text,
  user_type text,
  deactivated smallint NOT NULL DEFAULT 0,
  shadow_banned boolean
);

CREATE TABLE profiles (
  user_id text NOT NULL,
  displayname text,
  avatar_url text
);

CREATE TABLE access_tokens (
  id bigint NOT NULL,
  user_id text NOT NULL,
  device_id text,
  token text NOT NULL,
  valid_until_ms bigint,
  puppets_user_id text,
  last_validated bigint,
  refresh_token_id bigint,
  used boolean
);

CREATE TABLE current_state_delta_stream (
  stream_id bigint NOT NULL,
  room_id text NOT NULL,
  type text NOT NULL,
  state_key text NOT NULL,
  event_id text,
  prev_event_id text,
  instance_name text
);

CREATE TABLE room_stats_current (
  room_id text NOT NULL,
  current_state_events integer NOT NULL,
  joined_members integer NOT NULL,
  invited_members integer NOT NULL,
  left_members integer NOT NULL,
  banned_members integer NOT NULL,
  local_users_in_room integer NOT NULL,
  completed_delta_stream_id bigint NOT NULL,
  knocked_members integer
);

CREATE TABLE room_stats_state (
  room_id text NOT NULL,
  name text,
  canonical_alias text,
  join_rules text,
  history_visibility text,
  encryption text,
  avatar text,
  guest_access text,
  is_federatable boolean,
  topic text,
  room_type text
);

CREATE TABLE user_stats_current (
  user_id text NOT NULL,
  joined_rooms bigint NOT NULL,
  completed_delta_stream_id bigint NOT NULL
);

CREATE TABLE user_directory (
  user_id text NOT NULL,
  room_id text,
  display_name text,
  avatar_url text
);

CREATE TABLE user_directory_search (
  user_id text NOT NULL,
  vector tsvector
);

CREATE TABLE user_directory_stream_pos (
  lock char(1) NOT NULL DEFAULT 'X' CHECK (lock = 'X'),
  stream_id bigint
);

CREATE TABLE users_in_public_rooms (
  user_id text NOT NULL,
  room_id text NOT NULL
);

CREATE TABLE users_who_share_private_rooms (
  user_id text NOT NULL,
  other_user_id text NOT NULL,
  room_id text NOT NULL
);

CREATE TABLE stats_incremental_position (
  lock char(1) NOT NULL DEFAULT 'X' CHECK (lock = 'X'),
  stream_id bigint NOT NULL
);

CREATE TABLE stream_positions (
  stream_name text NOT NULL,
  instance_name text NOT NULL,
  stream_id bigint NOT NULL
);
