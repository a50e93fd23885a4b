CREATE TABLE sessions (id bigint PRIMARY KEY, ended_at timestamptz);
INSERT INTO sessions SELECT i, now() - make_interval(hours => i) FROM generate_series(1, 2000) AS i;
