SELECT * FROM tokens_before EXCEPT (SELECT * FROM tokens UNION ALL SELECT * FROM tokens_archive);
SELECT id FROM tokens INTERSECT SELECT id FROM tokens_archive;
SELECT id FROM tokens WHERE revoked_at < now() - interval '91 days';
SELECT id FROM tokens_archive WHERE revoked_at IS NULL OR revoked_at > now() - interval '90 days';
SELECT 'nothing was archived' WHERE NOT EXISTS (SELECT FROM tokens_archive);
