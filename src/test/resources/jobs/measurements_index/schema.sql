CREATE TABLE measurements (id bigint NOT NULL, taken_at date NOT NULL, device int NOT NULL) PARTITION BY RANGE (taken_at);
CREATE TABLE measurements_2025 PARTITION OF measurements FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measurements_2026 PARTITION OF measurements FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (device);
CREATE TABLE measurements_2026_0 PARTITION OF measurements_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE measurements_2026_1 PARTITION OF measurements_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO measurements SELECT i, date '2025-06-01' + i % 400, i % 30 FROM generate_series(1, 2000) AS i;
