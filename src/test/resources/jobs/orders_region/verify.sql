SELECT id FROM orders WHERE region IS DISTINCT FROM CASE WHEN id % 10 = 0 THEN 'kept' ELSE 'region ' || (1 + id % 200) % 9 END;
SELECT 'may be NULL' FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'region' AND NOT attnotnull;
