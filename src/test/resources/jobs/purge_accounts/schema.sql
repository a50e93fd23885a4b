CREATE TABLE accounts (id bigint PRIMARY KEY, closed_at timestamptz);
CREATE TABLE statuses (id bigint PRIMARY KEY, account_id bigint NOT NULL REFERENCES accounts);
CREATE INDEX statuses_account ON statuses (account_id);
INSERT INTO accounts SELECT i, CASE WHEN i % 4 = 0 THEN now() - interval '40 days' END FROM generate_series(1, 800) AS i;
INSERT INTO statuses SELECT i, 1 + i % 800 FROM generate_series(1, 4000) AS i;
