SELECT id FROM addresses WHERE id % 2 = 1 AND (street <> 'Street ' || id OR city <> 'Wien');
SELECT id FROM addresses WHERE id % 2 = 0 AND (street <> 'Gasse ' || id || ', "Hof"' OR city <> 'Graz');
