CREATE TABLE accounts (id bigint PRIMARY KEY, tenant_id int NOT NULL, email text NOT NULL, deleted_at timestamptz);
CREATE INDEX accounts_email ON accounts (email);
INSERT INTO accounts SELECT i, i % 3, 'User' || i / 2 || '@Example.org', CASE i % 2 WHEN 0 THEN now() END FROM generate_series(1, 1000) AS i;
