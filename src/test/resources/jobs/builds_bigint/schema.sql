CREATE TABLE builds (id serial PRIMARY KEY, project_id int NOT NULL, status text NOT NULL DEFAULT 'created');
CREATE INDEX builds_project ON builds (project_id, id);
INSERT INTO builds (project_id) SELECT i % 20 FROM generate_series(1, 3000) AS i;
