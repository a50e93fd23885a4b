SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'builds'::regclass AND attname = 'id' AND atttypid <> 'bigint'::regtype;
SELECT count(*) FROM builds HAVING count(*) <> 3000 OR min(id) <> 1 OR max(id) <> 3000;
SELECT 'no primary key' WHERE NOT EXISTS (SELECT FROM pg_index WHERE indrelid = 'builds'::regclass AND indisprimary AND indisvalid);
SELECT 'no index' WHERE (SELECT count(*) FROM pg_index WHERE indrelid = 'builds'::regclass AND indisvalid) <> 2;
SELECT tgname FROM pg_trigger WHERE tgrelid = 'builds'::regclass AND NOT tgisinternal;
WITH new AS (INSERT INTO builds (project_id) VALUES (7) RETURNING id) SELECT id FROM new WHERE id <> 3001;
