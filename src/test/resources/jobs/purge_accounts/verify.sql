SELECT count(*) FROM accounts HAVING count(*) <> 600;
SELECT count(*) FROM statuses HAVING count(*) <> 3000;
