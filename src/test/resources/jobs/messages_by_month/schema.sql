CREATE TABLE messages (id bigint PRIMARY KEY, sent_at timestamptz NOT NULL, body text NOT NULL);
INSERT INTO messages SELECT i, timestamptz '2026-01-01 00:00+00' + make_interval(hours => i), 'message ' || i FROM generate_series(1, 2500) AS i;
CREATE TABLE messages_by_month (id bigint NOT NULL, sent_at timestamptz NOT NULL, body text NOT NULL, PRIMARY KEY (id, sent_at)) PARTITION BY RANGE (sent_at);
CREATE TABLE messages_2026_01 PARTITION OF messages_by_month FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00');
CREATE TABLE messages_2026_02 PARTITION OF messages_by_month FOR VALUES FROM ('2026-02-01 00:00+00') TO ('2026-03-01 00:00+00');
CREATE TABLE messages_rest PARTITION OF messages_by_month DEFAULT;
