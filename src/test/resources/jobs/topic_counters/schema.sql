CREATE TABLE topics (id int PRIMARY KEY, posts_count int NOT NULL DEFAULT 0, last_posted_at timestamptz);
CREATE TABLE posts (id bigint PRIMARY KEY, topic_id int NOT NULL, created_at timestamptz NOT NULL, deleted boolean NOT NULL);
CREATE INDEX posts_topic ON posts (topic_id);
INSERT INTO topics SELECT i, i % 7, NULL FROM generate_series(1, 500) AS i;
INSERT INTO posts SELECT i, 1 + i % 480, timestamptz '2026-01-01 00:00+00' + make_interval(mins => i), i % 11 = 0 FROM generate_series(1, 5000) AS i;
