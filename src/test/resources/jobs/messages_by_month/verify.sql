SELECT * FROM messages EXCEPT SELECT * FROM messages_by_month;
SELECT count(*) FROM messages_by_month HAVING count(*) <> 2500;
SELECT count(*) FROM messages_2026_01 HAVING count(*) <> 743;
