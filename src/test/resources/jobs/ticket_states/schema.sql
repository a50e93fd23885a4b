CREATE TABLE tickets (id bigint PRIMARY KEY, status text NOT NULL, state smallint);
INSERT INTO tickets SELECT i, (ARRAY['open', 'pending', 'closed'])[1 + i % 3], NULL FROM generate_series(1, 1500) AS i;
