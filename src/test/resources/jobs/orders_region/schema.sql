CREATE TABLE customers (id int PRIMARY KEY, region text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, region text);
INSERT INTO customers SELECT i, 'region ' || i % 9 FROM generate_series(1, 200) AS i;
INSERT INTO orders SELECT i, 1 + i % 200, CASE WHEN i % 10 = 0 THEN 'kept' END FROM generate_series(1, 2000) AS i;
