CREATE TABLE addresses (id bigint PRIMARY KEY, street text NOT NULL, city text NOT NULL);
INSERT INTO addresses SELECT i, 'Street ' || i, 'Wien' FROM generate_series(1, 500) AS i;
