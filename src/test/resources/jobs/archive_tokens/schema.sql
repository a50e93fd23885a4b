CREATE TABLE tokens (id bigint PRIMARY KEY, secret text NOT NULL, revoked_at timestamptz);
CREATE TABLE tokens_archive (LIKE tokens INCLUDING ALL);
INSERT INTO tokens
SELECT i, md5(i::text), CASE WHEN i % 3 = 0 THEN now() - make_interval(days => i % 200) END
  FROM generate_series(1, 3000) AS i;
CREATE TABLE tokens_before AS SELECT * FROM tokens;
