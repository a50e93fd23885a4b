CREATE TABLE comments (id bigint PRIMARY KEY, parent_id bigint, thread_id bigint NOT NULL, path text);
CREATE INDEX comments_thread ON comments (thread_id);
CREATE TABLE threads (id bigint PRIMARY KEY, comments int NOT NULL);
INSERT INTO comments SELECT i, CASE WHEN i % 10 > 0 THEN i - 1 END, i / 10, NULL FROM generate_series(1, 2000) AS i;
INSERT INTO threads SELECT thread_id, count(*) FROM comments GROUP BY thread_id;
