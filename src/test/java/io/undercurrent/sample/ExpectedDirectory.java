package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import java.util.Map;

/**
 * The user directory of the sample homeserver, computed from the homeserver's rules in one go: each
 * table by one query, without what the job has made.
 */
final class ExpectedDirectory {

  private static final String RULES =
      """
      WITH included AS (
        SELECT name
          FROM users
         WHERE name <> '@ircbot:sample.test'
           AND left(name, 5) <> '@irc_'
           AND user_type IS DISTINCT FROM 'support'
           AND deactivated <> 1
      ),
      joined AS (
        SELECT state.room_id, state.state_key AS user_id, state.state_key ~ '^@[^:]*:sample\\.test$' AS local,
               m.display_name, m.avatar_url
          FROM current_state_events state
          JOIN room_memberships m USING (event_id)
         WHERE state.type = 'm.room.member'
           AND m.membership = 'join'
      ),
      readable AS (
        SELECT state.room_id, json::json -> 'content' AS content
          FROM current_state_events state
          JOIN events USING (event_id)
          JOIN event_json USING (event_id)
          JOIN rooms ON rooms.room_id = state.room_id
         WHERE state.state_key = ''
           AND state.type IN ('m.room.join_rules', 'm.room.history_visibility')
           AND event_id NOT IN (SELECT event_id FROM rejections)
           AND coalesce(format_version, 1)
               = CASE WHEN room_version IN ('1', '2') THEN 1 WHEN room_version = '3' THEN 2 WHEN room_version ~ '^\\d+$' THEN 3 END
      ),
      room AS (
        SELECT room_id, count(*) AS size,
               room_id IN (
                 SELECT room_id
                   FROM readable
                  WHERE content ->> 'join_rule' = 'public'
                     OR content ->> 'history_visibility' = 'world_readable') AS public
          FROM current_state_events
         WHERE room_id IN (SELECT room_id FROM joined WHERE local)
         GROUP BY room_id
      ),
      member AS (
        SELECT *
          FROM joined
          JOIN room USING (room_id)
         WHERE NOT local
            OR user_id IN (TABLE included)
      ),
      remote AS (
        SELECT DISTINCT ON (user_id) user_id, display_name, avatar_url
          FROM member
         WHERE NOT local
         ORDER BY user_id, size, room_id
      ),
      directory AS (
        SELECT name AS user_id, CAST(NULL AS text) AS room_id, displayname AS display_name, avatar_url
          FROM included
          LEFT JOIN profiles ON '@' || profiles.user_id || ':sample.test' = name
        UNION ALL
        SELECT user_id, NULL, display_name, avatar_url
          FROM remote
      )
      """;

  private static final Map<String, String> TABLES =
      Map.of(
          "user_directory",
          "TABLE directory",
          "user_directory_search",
          """
          SELECT user_id,
                 setweight(to_tsvector('simple', substring(user_id FROM '^@([^:]*)')), 'A')
                 || setweight(to_tsvector('simple', substring(user_id FROM ':(.*)$')), 'D')
                 || setweight(to_tsvector('simple', coalesce(display_name, '')), 'B') AS vector
            FROM directory""",
          "users_in_public_rooms",
          "SELECT user_id, room_id FROM member WHERE public",
          "users_who_share_private_rooms",
          """
          SELECT one.user_id, other.user_id AS other_user_id, room_id
            FROM member one
            JOIN member other USING (room_id)
           WHERE NOT one.public
             AND one.local
             AND one.user_id <> other.user_id""",
          "user_directory_stream_pos",
          "SELECT 'X'::char(1) AS lock, max(stream_id) AS stream_id FROM current_state_delta_stream");

  private ExpectedDirectory() {}

  static void assertHolds(Database database) {
    TABLES.forEach(
        (table, rule) -> {
          var expected = Rows.of(database, json(RULES, "(" + rule + ")"));
          assertThat(expected).as("expected %s", table).isNotEmpty();
          assertThat(Rows.of(database, json("", table)))
              .as(table)
              .containsExactlyInAnyOrderElementsOf(expected);
        });
  }

  private static String json(String rules, String source) {
    return rules + "SELECT CAST(to_json(found) AS text) FROM " + source + " AS found";
  }
}
