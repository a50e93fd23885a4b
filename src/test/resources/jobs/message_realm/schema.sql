CREATE TABLE realms (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (id int PRIMARY KEY, realm_id int NOT NULL REFERENCES realms);
CREATE TABLE messages (id bigint PRIMARY KEY, sender_id int NOT NULL REFERENCES users, realm_id int);
INSERT INTO realms SELECT i, 'realm ' || i FROM generate_series(1, 5) AS i;
INSERT INTO users SELECT i, 1 + i % 5 FROM generate_series(1, 100) AS i;
INSERT INTO messages SELECT i, 1 + i % 100, NULL FROM generate_series(1, 3000) AS i;
