CREATE TABLE runners (id bigint PRIMARY KEY, version text NOT NULL, semver text);
INSERT INTO runners
SELECT i,
       CASE i % 4 WHEN 0 THEN 'v16.' || i % 12 || '.1~beta' WHEN 1 THEN '15.' || i % 9 WHEN 2 THEN 'unknown' ELSE '14.1' END,
       CASE i % 4 WHEN 3 THEN '14.1' END
  FROM generate_series(1, 2000) AS i;
