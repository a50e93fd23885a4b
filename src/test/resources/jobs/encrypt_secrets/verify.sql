SELECT id FROM integrations WHERE token IS NOT NULL;
SELECT id FROM integrations WHERE (encrypted_token IS NULL) <> (id % 5 = 0);
SELECT id FROM integrations WHERE convert_from(encrypted_token, 'UTF8') <> reverse('token ' || id);
