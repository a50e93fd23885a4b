CREATE TABLE stock (warehouse int, article bigint, amount int NOT NULL, PRIMARY KEY (warehouse, article));
INSERT INTO stock SELECT i % 4, i, i % 50 FROM generate_series(1, 2000) AS i;
