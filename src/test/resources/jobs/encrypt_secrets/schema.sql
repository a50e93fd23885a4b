CREATE TABLE integrations (id bigint PRIMARY KEY, token text, encrypted_token bytea);
INSERT INTO integrations SELECT i, CASE WHEN i % 5 > 0 THEN 'token ' || i END, NULL FROM generate_series(1, 1000) AS i;
