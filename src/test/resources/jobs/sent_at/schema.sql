CREATE TABLE mails (id bigint PRIMARY KEY, sent_ms bigint NOT NULL, sent_at timestamptz);
INSERT INTO mails SELECT i, 1764000000000 + i * 1000, NULL FROM generate_series(1, 2000) AS i;
