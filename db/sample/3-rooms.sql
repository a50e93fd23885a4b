-- Rooms: sample_room lists all of them with what is derived from a room's number.
-- Sizes follow a power law: more than half of the rooms have three members or fewer, one in a thousand has hundreds.
-- Rooms 1 to 49 of each ten thousand are odd, each in its own way (odd_kind), see 4-state.sql and 5-members.sql.

CREATE TEMPORARY TABLE sample_room ON COMMIT DROP AS
WITH numbered AS (
  SELECT number,
         -- spreads the numbers evenly over 0 to 1, in no visible order
         (number::bigint * 2654435761 % 4294967296) / 4294967296.0::float8 AS size_dice,
         number::bigint * 7919 % 10007 AS dice,
         CASE WHEN number % 10000 BETWEEN 1 AND 49 THEN number % 10000 END AS odd_kind,
         3 * greatest(50, current_setting('undercurrent.sample_rooms')::integer / 5) AS people
    FROM generate_series(1, current_setting('undercurrent.sample_rooms')::integer) AS number
),
sized AS (
  SELECT numbered.*,
         greatest(1 + (number % 5 = 3)::integer, least(people, trunc(1.9 * power(1 - size_dice, -0.8))::integer))
           AS members,
         -- a third of the people are local; the remote creator of every fifth room stands right before a local user
         CASE
           WHEN number % 5 = 3 THEN 3 * (number * 37::bigint % (people / 3)) + 2
           ELSE 3 * (number * 53::bigint % (people / 3))
         END AS creator
    FROM numbered
)
SELECT number,
       odd_kind,
       '!' || translate(left(md5('room ' || number), 18), '0123456789abcdef', 'GhIjKlMnOpQrStUv') || ':' || domain AS room_id,
       CASE
         WHEN odd_kind = 39 THEN '1'
         ELSE (ARRAY['1', '2', '3', '4', '5', '5', '6', '6', '6', '6', '6', '7', '8', '9', '9', '9', '9', '9', '10', '10'])
           [1 + number * 7::bigint % 20]
       END AS room_version,
       members > 200 OR dice < 2000 AS public,
       members,
       creator,
       number % 5 < 2 AND members <= people / 3 AS local_only,
       people,
       dice,
       1 + sum(members + 21) OVER (ORDER BY number) - (members + 21) AS stream_start
  FROM sized
  JOIN sample_user ON person = creator;

ALTER TABLE sample_room ADD COLUMN format_version integer;
UPDATE sample_room
   SET format_version = CASE WHEN room_version IN ('1', '2') THEN 1 WHEN room_version = '3' THEN 2 ELSE 3 END;

CREATE UNIQUE INDEX sample_room_number ON sample_room (number);
ANALYZE sample_room;

INSERT INTO rooms (room_id, is_public, creator, room_version, has_auth_chain_index)
SELECT room_id,
       public,
       user_id,
       CASE odd_kind WHEN 2 THEN NULL WHEN 3 THEN 'org.example.next' ELSE room_version END,
       true
  FROM sample_room
  JOIN sample_user ON person = creator
 WHERE odd_kind IS DISTINCT FROM 1;
