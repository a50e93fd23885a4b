SELECT project_id, name FROM tags GROUP BY project_id, name HAVING count(*) > 1 OR min(id) > 200;
SELECT count(*) FROM tags HAVING count(*) <> (SELECT count(DISTINCT (i % 50, i % 40)) FROM generate_series(1, 2500) AS i);
SELECT 'no unique index' WHERE NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('tags_unique') AND indisunique AND indisvalid);
SELECT 'the old index is there' WHERE to_regclass('tags_project_name') IS NOT NULL;
