SELECT id FROM web_sessions WHERE expires_at < now() - interval '1 hour';
SELECT count(*) FROM web_sessions HAVING count(*) NOT BETWEEN 499 AND 500;
