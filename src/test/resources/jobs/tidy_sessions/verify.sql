SELECT count(*) FROM sessions HAVING count(*) NOT BETWEEN 46 AND 48;
SELECT 'not analyzed' WHERE (SELECT reltuples FROM pg_class WHERE oid = 'sessions'::regclass) NOT BETWEEN 46 AND 48;
SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'sessions'::regclass AND (NOT indisvalid OR indexrelid::regclass::text <> 'sessions_pkey');
