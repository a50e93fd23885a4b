SELECT 'no index' WHERE NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('accounts_tenant_email') AND indisunique AND indisvalid);
SELECT pg_get_indexdef('accounts_tenant_email'::regclass) WHERE pg_get_indexdef('accounts_tenant_email'::regclass) NOT LIKE '%(lower(email), tenant_id) WHERE (deleted_at IS NULL)';
SELECT 'the old index is there' WHERE to_regclass('accounts_email') IS NOT NULL;
