-- Users: sample_user lists everybody who may be in a room, every third of them local.
-- Local users repeat a pattern of 40: who is excluded from the directory and who only looks as if
-- is decided by the place in it (local_kind). The sample's appservice has the sender
-- @ircbot:sample.test, the exclusive user namespace @irc_.* and the non-exclusive one @bot_.*.

CREATE TEMPORARY TABLE sample_user ON COMMIT DROP AS
WITH pool AS (
  SELECT person,
         person % 3 = 0 AS local,
         person / 3 AS number,
         CASE WHEN person % 3 = 0 THEN person / 3 % 40 END AS local_kind,
         (ARRAY['anna', 'ben', 'carla', 'dmitri', 'elif', 'farid', 'greta', 'hiro', 'ines', 'jonas',
                'kim', 'lena', 'mateo', 'noor', 'olga', 'pavel', 'rosa', 'sven', 'tara', 'umut'])
           [1 + person / 3 % 20] AS first_name,
         (ARRAY['Adler', 'Baker', 'Costa', 'Dubois', 'Eriksen', 'Fischer', 'García', 'Öberg', 'O''Brien',
                'Петров', '田中', 'Yılmaz', 'Novák', 'Smith-Jones', 'de Vries', 'Kowalski', 'Haddad'])
           [1 + person / 3 % 17] AS last_name
    FROM generate_series(0, 3 * greatest(50, current_setting('undercurrent.sample_rooms')::integer / 5) - 1)
      AS person
),
named AS (
  SELECT pool.*,
         CASE
           WHEN NOT local THEN first_name || person
           WHEN number = 0 THEN 'admin'
           WHEN number = 15 THEN 'ircbot'
           WHEN local_kind = 1 THEN 'support' || number
           WHEN local_kind = 3 THEN 'irc_' || first_name || number
           WHEN local_kind = 5 THEN (100000 + number)::text
           WHEN local_kind = 11 THEN first_name || '_' || number || '=x/y'
           WHEN local_kind = 12 THEN first_name || '.' || number
           WHEN local_kind = 13 THEN first_name || '-' || number
           WHEN local_kind = 14 THEN 'bot_' || first_name || number
           ELSE first_name || number
         END AS localpart,
         CASE
           WHEN local THEN 'sample.test'
           ELSE (ARRAY['matrix.example', 'matrix.example', 'matrix.example', 'chat.example', 'chat.example',
                       'uni.example', 'uni.example:8448', 'sample.test:8448', 'x.sample.test', 'SAMPLE.test'])
             [1 + person % 10]
         END AS domain
    FROM pool
)
SELECT person,
       local,
       local_kind,
       localpart,
       '@' || localpart || ':' || domain AS user_id,
       domain,
       CASE
         WHEN number % 23 = 7 THEN NULL
         WHEN number % 29 = 11 THEN ''
         WHEN number % 31 = 3 THEN '😀 ' || initcap(first_name)
         ELSE initcap(first_name) || ' ' || last_name
       END AS display_name,
       CASE WHEN number % 4 = 1 THEN 'mxc://' || domain || '/' || left(md5(person::text), 24) END AS avatar_url
  FROM named;

CREATE UNIQUE INDEX sample_user_person ON sample_user (person);
ANALYZE sample_user;

INSERT INTO users (name, creation_ts, admin, is_guest, appservice_id, user_type, deactivated, shadow_banned)
SELECT user_id,
       1600000000 + person,
       CASE WHEN localpart = 'admin' THEN 1 ELSE 0 END,
       CASE WHEN local_kind = 5 THEN 1 ELSE 0 END,
       CASE WHEN local_kind = 3 OR localpart = 'ircbot' THEN 'irc' END,
       CASE local_kind WHEN 1 THEN 'support' WHEN 7 THEN 'bot' WHEN 8 THEN '' END,
       CASE local_kind WHEN 2 THEN 1 WHEN 9 THEN 2 ELSE 0 END,
       CASE WHEN local_kind <> 9 THEN local_kind = 6 END
  FROM sample_user
 WHERE local
   AND local_kind <> 4;

INSERT INTO profiles (user_id, displayname, avatar_url)
SELECT localpart, display_name, avatar_url
  FROM sample_user
 WHERE local
   AND local_kind <> 10;

INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms, puppets_user_id, used)
SELECT row_number() OVER (ORDER BY person) + 1,
       user_id,
       'DEVICE' || person,
       'sample-token-' || localpart,
       CASE WHEN local_kind = 20 THEN 1600000000000 END,
       CASE WHEN local_kind = 21 THEN '@admin:sample.test' END,
       true
  FROM sample_user
 WHERE local
   AND local_kind NOT IN (2, 4, 5);
