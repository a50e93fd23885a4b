CREATE TABLE tags (id bigint PRIMARY KEY, project_id int NOT NULL, name text NOT NULL);
CREATE INDEX tags_project_name ON tags (project_id, name);
INSERT INTO tags SELECT i, i % 50, 'tag ' || i % 40 FROM generate_series(1, 2500) AS i;
