CREATE TABLE people ("Id" bigint PRIMARY KEY, name text, first_name text, last_name text);
INSERT INTO people SELECT i, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'Cher' ELSE 'Ada Byron ' || i END, NULL, NULL FROM generate_series(1, 1200) AS i;
