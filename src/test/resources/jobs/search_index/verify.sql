SELECT 'no index' WHERE NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('articles_title_trigrams') AND indisvalid);
SELECT 'not of trigrams' WHERE pg_get_indexdef('articles_title_trigrams'::regclass) NOT LIKE '%gin_trgm_ops%';
