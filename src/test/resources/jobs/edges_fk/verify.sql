SELECT count(*) FROM edges HAVING count(*) <> 1500;
SELECT 'no valid constraint' WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'edges_event_fk' AND convalidated);
