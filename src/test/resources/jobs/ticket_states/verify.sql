SELECT id FROM tickets WHERE status IS DISTINCT FROM (ARRAY['open', 'pending', 'closed'])[1 + state];
SELECT 'no valid constraint' WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'tickets_state_known' AND convalidated);
SELECT 'may be NULL' FROM pg_attribute WHERE attrelid = 'tickets'::regclass AND attname = 'state' AND NOT attnotnull;
