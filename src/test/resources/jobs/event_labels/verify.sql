SELECT label, count(*) FROM event_labels GROUP BY label HAVING count(*) <> CASE label WHEN 'a' THEN 600 ELSE 300 END;
SELECT 'no labels' WHERE NOT EXISTS (SELECT FROM event_labels);
