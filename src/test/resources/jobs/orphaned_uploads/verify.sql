SELECT id FROM uploads WHERE id BETWEEN 1001 AND 2000 AND post_id IS NOT NULL;
SELECT count(*) FROM uploads HAVING count(*) <> 2000 - 667 + 100;
