CREATE TABLE event_json (event_id text PRIMARY KEY, json text NOT NULL);
CREATE TABLE event_labels (event_id text, label text, PRIMARY KEY (label, event_id));
INSERT INTO event_json
SELECT '$' || lpad(i::text, 5, '0'),
       json_build_object('content', json_build_object('labels', CASE i % 3 WHEN 0 THEN '["a","b"]'::json WHEN 1 THEN '["a"]' ELSE '"none"' END))::text
  FROM generate_series(1, 900) AS i;
