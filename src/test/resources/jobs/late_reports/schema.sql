CREATE TABLE reports (id bigint PRIMARY KEY, checked boolean NOT NULL DEFAULT false);
INSERT INTO reports SELECT i FROM generate_series(1, 3000) AS i;
