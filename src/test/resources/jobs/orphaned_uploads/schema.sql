CREATE TABLE posts (id bigint PRIMARY KEY);
CREATE TABLE uploads (id bigint PRIMARY KEY, post_id bigint, created_at timestamptz NOT NULL);
INSERT INTO posts SELECT i FROM generate_series(1, 1000) AS i;
INSERT INTO uploads SELECT i, CASE i % 3 WHEN 0 THEN NULL ELSE i END, now() - interval '2 days' FROM generate_series(1, 2000) AS i;
INSERT INTO uploads SELECT i, i, now() FROM generate_series(5001, 5100) AS i;
