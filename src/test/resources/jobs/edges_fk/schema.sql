CREATE TABLE events (event_id text PRIMARY KEY);
CREATE TABLE edges (event_id text NOT NULL, prev_id text NOT NULL, PRIMARY KEY (event_id, prev_id));
INSERT INTO events SELECT '$' || i FROM generate_series(1, 1500) AS i;
INSERT INTO edges SELECT '$' || i, '$' || i - 1 FROM generate_series(1, 2000) AS i;
