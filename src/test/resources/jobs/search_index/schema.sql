CREATE SCHEMA extensions;
CREATE EXTENSION pg_trgm SCHEMA extensions;
CREATE TABLE articles (id bigint PRIMARY KEY, title text NOT NULL);
INSERT INTO articles SELECT i, 'Article ' || md5(i::text) FROM generate_series(1, 1000) AS i;
