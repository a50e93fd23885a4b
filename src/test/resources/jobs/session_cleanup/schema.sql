CREATE TABLE web_sessions (id text PRIMARY KEY, expires_at timestamptz NOT NULL);
INSERT INTO web_sessions SELECT md5(i::text), now() + make_interval(hours => 500 - i) FROM generate_series(1, 1000) AS i;
