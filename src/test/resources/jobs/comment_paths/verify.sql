SELECT id, path FROM comments WHERE path IS NULL OR path NOT LIKE '%' || id;
SELECT id, path FROM comments WHERE array_length(string_to_array(path, '/'), 1) <> CASE WHEN id < 10 THEN id ELSE id % 10 + 1 END;
