SELECT id, posts_count FROM topics WHERE posts_count <> (SELECT count(*) FROM posts WHERE topic_id = topics.id AND NOT deleted);
SELECT id FROM topics WHERE last_posted_at IS DISTINCT FROM (SELECT max(created_at) FROM posts WHERE topic_id = topics.id AND NOT deleted);
