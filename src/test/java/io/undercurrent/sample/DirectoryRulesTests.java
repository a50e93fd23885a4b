package io.undercurrent.sample;

import static io.undercurrent.sample.Homeserver.SERVER_NAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class DirectoryRulesTests {

  private Database database;
  private Homeserver homeserver;
  private String alice;

  @BeforeEach
  void makeHomeserver(TestDatabases databases) {
    homeserver = Homeserver.in(databases);
    database = homeserver.database();
    alice = homeserver.user("alice", "Alice");
  }

  @Test
  void takesARemoteUsersProfileFromTheSmallestRoom() throws Exception {
    var rooms = List.of(homeserver.room(), homeserver.room(), homeserver.room());
    for (var room : rooms) {
      homeserver.join(room, alice, null);
      homeserver.join(room, "@bob:other.test", "Bob in " + room);
    }
    homeserver.state(rooms.get(0), "m.room.name", "{}");
    var withoutUs = homeserver.room();
    homeserver.join(withoutUs, "@bob:other.test", "not seen");
    homeserver.join(withoutUs, "@carol:other.test", "not seen");

    regenerate();

    assertThat(
            Rows.of(database, "SELECT concat_ws(' ', user_id, display_name) FROM user_directory"))
        .containsExactlyInAnyOrder(alice + " Alice", "@bob:other.test Bob in " + rooms.get(1));
  }

  @Test
  void countsAllTheStateOfARoomThatIsReadInSeveralIterations() throws Exception {
    var smaller = homeserver.room();
    var larger = homeserver.room();
    for (var room : List.of(smaller, larger)) {
      homeserver.join(room, alice, null);
      homeserver.join(room, "@bob:other.test", "Bob in " + room);
    }
    homeserver.strangers(smaller, 190);
    homeserver.strangers(larger, 195);

    JobRunner.ofSample(database)
        .run(JobRunner.DIRECTORY, (update, name, oneShot) -> JobRunner.paced(Duration.ofNanos(1)));

    assertThat(
            Rows.of(
                database, "SELECT display_name FROM user_directory WHERE user_id LIKE '@bob:%'"))
        .containsExactly("Bob in " + smaller);
  }

  @Test
  void prefersTheProfileOfAUserThatItKnows() throws Exception {
    homeserver.sql("INSERT INTO users (name) VALUES ('@bob:other.test')");
    homeserver.sql("INSERT INTO profiles (user_id, displayname) VALUES ('bob', 'Known Bob')");
    var room = homeserver.room();
    homeserver.join(room, alice, null);
    homeserver.join(room, "@bob:other.test", "Bob in the room");

    regenerate();

    assertThat(
            Rows.of(
                database, "SELECT display_name FROM user_directory WHERE user_id LIKE '@bob:%'"))
        .containsExactly("Known Bob");
  }

  @Test
  void leavesTheUsersOfAppservicesOut() throws Exception {
    var users =
        List.of(
            homeserver.user("bot", null),
            homeserver.user("irc_ann", null),
            homeserver.user("sms_1", null),
            homeserver.user("not_irc_ann", null));
    var room = homeserver.room();
    for (var user : users) {
      homeserver.join(room, user, null);
    }

    regenerate();

    assertThat(Rows.of(database, "SELECT user_id FROM user_directory"))
        .containsExactlyInAnyOrder(alice, users.get(3));
    assertThat(Rows.of(database, "SELECT user_id FROM users_who_share_private_rooms")).isEmpty();
  }

  @Test
  void tellsPublicRoomsByTheStateThatCanBeRead() throws Exception {
    var open =
        List.of(
            roomWith("9", "m.room.join_rules", "{\"join_rule\":\"public\"}"),
            roomWith(
                "9", "m.room.history_visibility", "{\"history_visibility\":\"world_readable\"}"),
            roomWith("9", "m.room.join_rules", "{\"join_rule\":\"public\",\"x\":\"\\u0000\"}"));
    homeserver.redaction(open.get(0), alice, eventOf(open.get(0)));
    var closed =
        new ArrayList<>(
            List.of(
                homeserver.room(),
                roomWith("9", "m.room.join_rules", "{\"join_rule\":\"knock\"}"),
                roomWith("9", "m.room.join_rules", "{\"join_rule\":\"restricted\"}"),
                roomWith("9", "m.room.join_rules", "{\"join_rule\":[\"public\"]}"),
                roomWith("9", "m.room.join_rules", "{\"history_visibility\":\"world_readable\"}"),
                roomWith("9", "m.room.history_visibility", "{\"history_visibility\":\"shared\"}"),
                roomWith("9", "m.room.canonical_alias", "{\"alias\":\"#a:sample.test\"}"),
                roomWith("1", "m.room.join_rules", "{\"join_rule\":\"public\"}"),
                roomWith("unheard of", "m.room.join_rules", "{\"join_rule\":\"public\"}"),
                roomWith(null, "m.room.join_rules", "{\"join_rule\":\"public\"}")));
    for (var change :
        List.of(
            "DELETE FROM events WHERE event_id = ?",
            "DELETE FROM event_json WHERE event_id = ?",
            "UPDATE event_json SET json = '{' WHERE event_id = ?",
            "UPDATE event_json SET internal_metadata = '{' WHERE event_id = ?",
            "UPDATE current_state_events SET state_key = 'other' WHERE event_id = ?",
            "INSERT INTO rejections VALUES (?, 'auth_error', '0')",
            "DELETE FROM rooms WHERE room_id = (SELECT room_id FROM events WHERE event_id = ?)")) {
      var room = roomWith("9", "m.room.join_rules", "{\"join_rule\":\"public\"}");
      homeserver.sql(change, eventOf(room));
      closed.add(room);
    }
    homeserver.sql(
        "UPDATE rooms SET is_public = room_id <> ALL (?)", (Object) open.toArray(String[]::new));
    for (var room : rooms()) {
      homeserver.join(room, alice, null);
      homeserver.join(room, "@bob:other.test", null);
    }

    regenerate();

    assertThat(Rows.of(database, "SELECT DISTINCT room_id FROM users_in_public_rooms"))
        .containsExactlyInAnyOrderElementsOf(open);
    assertThat(Rows.of(database, "SELECT room_id FROM users_who_share_private_rooms"))
        .containsExactlyInAnyOrderElementsOf(closed);
  }

  @Test
  void takesOnlyRoomsIntoAccountThatALocalUserIsIn() throws Exception {
    var support = homeserver.user("support", null);
    homeserver.sql("UPDATE users SET user_type = 'support' WHERE name = ?", support);
    var members =
        List.of(
            support,
            "@ghost:sample.test",
            "nosigil:sample.test",
            "@port:sample.test:8448",
            "@two:8448:sample.test",
            "@dot:sampleXtest",
            "@sub:x.sample.test",
            "@case:SAMPLE.test",
            "@nocolon");
    for (var member : members) {
      var room = roomWith("9", "m.room.join_rules", "{\"join_rule\":\"public\"}");
      homeserver.join(room, member, null);
      homeserver.join(room, "@bob%d:other.test".formatted(members.indexOf(member)), null);
    }
    homeserver.sql(
        "UPDATE room_memberships SET room_id = '!x:y' WHERE user_id = '@ghost:sample.test'");

    regenerate();

    assertThat(Rows.of(database, "SELECT user_id FROM users_in_public_rooms"))
        .containsExactlyInAnyOrder("@bob0:other.test", "@bob1:other.test", "@bob2:other.test");
    assertThat(Rows.of(database, "SELECT user_id FROM user_directory"))
        .containsExactlyInAnyOrder(
            alice, "@bob0:other.test", "@bob1:other.test", "@bob2:other.test");
  }

  @Test
  void goesByTheMembershipOfTheEventThatIsTheState() throws Exception {
    var room = homeserver.room();
    homeserver.join(room, alice, null);
    var bob = homeserver.member(room, "@bob:other.test", "leave");
    homeserver.sql(MEMBERSHIP, bob, "@bob:other.test", room, "join");
    var carol = homeserver.join(room, "@carol:other.test", null);
    homeserver.sql("UPDATE room_memberships SET membership = 'leave' WHERE event_id = ?", carol);
    homeserver.sql(MEMBERSHIP, "$old", "@carol:other.test", room, "join");
    var dave = homeserver.join(room, "@dave:other.test", null);
    homeserver.sql(
        "UPDATE room_memberships SET user_id = '@x:other.test' WHERE event_id = ?", dave);
    var erin = homeserver.join(room, "@erin:other.test", null);
    homeserver.sql(
        "UPDATE room_memberships SET room_id = '!x:other.test' WHERE event_id = ?", erin);
    homeserver.sql(
        "DELETE FROM room_memberships WHERE event_id = ?",
        homeserver.join(room, "@frank:other.test", null));
    var grace = homeserver.join(room, "@grace:other.test", null);
    homeserver.sql("DELETE FROM events WHERE event_id = ?", grace);
    homeserver.sql("DELETE FROM event_json WHERE event_id = ?", grace);

    regenerate();

    assertThat(
            Rows.of(
                database,
                "SELECT concat_ws(' ', user_id, other_user_id) FROM users_who_share_private_rooms"))
        .containsExactlyInAnyOrder(alice + " @bob:other.test", alice + " @grace:other.test");
  }

  @Test
  void sweepsWhatAnEarlierStateHasLeft() throws Exception {
    var bob = homeserver.user("bob", null);
    var room = homeserver.room();
    homeserver.join(room, alice, null);
    homeserver.join(room, bob, null);
    var open = roomWith("9", "m.room.join_rules", "{\"join_rule\":\"public\"}");
    homeserver.join(open, alice, null);
    var foreign = roomWith("9", "m.room.join_rules", "{\"join_rule\":\"public\"}");
    homeserver.join(foreign, "@carol:other.test", null);
    homeserver.sql(
        "UPDATE room_memberships SET room_id = '!x:other.test' WHERE event_id = ?",
        homeserver.join(room, "@mixed:other.test", null));
    homeserver.sql(
        "UPDATE room_memberships SET user_id = '@x:other.test' WHERE event_id = ?",
        homeserver.join(open, "@mixed:other.test", null));
    regenerate();
    var expected = rows();
    homeserver.sql("INSERT INTO users (name, deactivated) VALUES ('@gone:sample.test', 1)");
    for (var pair :
        List.of(
            List.of(alice, "@gone:sample.test", room),
            List.of("@gone:sample.test", alice, room),
            List.of(alice, "@gone:other.test", room),
            List.of("@gone:other.test", alice, room),
            List.of(alice, alice, room),
            List.of(alice, "@mixed:other.test", room),
            List.of(alice, bob, open),
            List.of(alice, bob, "!gone:sample.test"))) {
      homeserver.sql("INSERT INTO users_who_share_private_rooms VALUES (?, ?, ?)", pair.toArray());
    }
    for (var row :
        List.of(
            List.of(bob, open),
            List.of(alice, room),
            List.of(alice, "!gone:sample.test"),
            List.of("@carol:other.test", foreign),
            List.of("@mixed:other.test", open),
            List.of("@gone:sample.test", open))) {
      homeserver.sql("INSERT INTO users_in_public_rooms VALUES (?, ?)", row.toArray());
    }
    homeserver.sql("INSERT INTO user_directory (user_id) VALUES ('@gone:other.test')");
    homeserver.sql("INSERT INTO user_directory (user_id) VALUES ('@carol:other.test')");
    homeserver.sql("INSERT INTO user_directory (user_id) VALUES ('@mixed:other.test')");
    homeserver.sql("INSERT INTO user_directory_search VALUES ('@gone:sample.test', '')");
    homeserver.sql("INSERT INTO user_directory_search VALUES ('nobody', '')");
    assertThat(rows()).hasSize(expected.size() + 19);

    regenerate();

    assertThat(rows()).isEqualTo(expected);
  }

  @Test
  void keepsUsersThatOnlyLookAsIfTheyWereToBeLeftOut() throws Exception {
    for (var change :
        List.of(
            "user_type = 'bot'",
            "user_type = ''",
            "user_type = 'Support'",
            "is_guest = 1",
            "shadow_banned = true",
            "appservice_id = 'irc'",
            "admin = 1")) {
      var user = homeserver.user("user" + change.hashCode(), null);
      homeserver.sql("UPDATE users SET " + change + " WHERE name = ?", user);
    }
    homeserver.sql("INSERT INTO users (name) VALUES (NULL)");
    homeserver.sql("INSERT INTO users (name) VALUES ('@noprofile:sample.test')");

    regenerate();

    assertThat(Rows.of(database, "SELECT user_id FROM user_directory ORDER BY user_id"))
        .hasSize(9)
        .contains("@noprofile:sample.test")
        .isEqualTo(
            Rows.of(database, "SELECT name FROM users WHERE name IS NOT NULL ORDER BY name"));
  }

  @Test
  void spreadsAPrivateRoomOverIterations() throws Exception {
    homeserver.privateRoom(60);

    JobRunner.ofSample(database)
        .run(JobRunner.DIRECTORY, (update, name, oneShot) -> JobRunner.paced(Duration.ofMillis(1)));

    assertThat(Rows.of(database, "SELECT count(*) FROM users_who_share_private_rooms"))
        .containsExactly("3540");
    assertThat(
            Rows.of(
                database,
                """
                SELECT commit_count > 15
                  FROM undercurrent.batch_step_execution
                 WHERE step_name = 'populate_user_directory_process_members'"""))
        .containsExactly("t");
  }

  @Test
  void spreadsAMemberOfALargeRoomOverIterations() throws Exception {
    var room = homeserver.privateRoom(3);
    homeserver.strangers(room, 2_500);
    var firstSlices = new ArrayList<Integer>();

    JobRunner.ofSample(database)
        .run(
            JobRunner.DIRECTORY,
            (update, name, oneShot) -> {
              if (update.endsWith("process_slices") && firstSlices.isEmpty()) {
                firstSlices.add(pairs());
              }
              return JobRunner.paced(Duration.ofMillis(100));
            });

    assertThat(firstSlices.get(0)).isBetween(3 * 999, 3 * 1000);
    assertThat(
            Rows.of(
                database,
                """
                SELECT concat_ws(' ', count(*), count(DISTINCT (user_id, other_user_id)))
                  FROM users_who_share_private_rooms
                 WHERE user_id LIKE '@user%'
                   AND user_id <> other_user_id"""))
        .containsExactly("7506 7506");
    assertThat(
            Rows.of(
                database,
                """
                SELECT concat_ws(' ', right(step_name, 7), read_count)
                  FROM undercurrent.batch_step_execution
                 WHERE step_name LIKE '%process_members'
                    OR step_name LIKE '%process_slices'
                 ORDER BY step_execution_id"""))
        .containsExactly("members 3", "_slices 6");
    assertThat(Rows.of(database, "TABLE undercurrent.directory_slices")).isEmpty();
  }

  @Test
  void keepsDeactivatedUsersAsAnOldHomeserverDoes() throws Exception {
    deactivate(homeserver.user("bob", null), 1);
    deactivate(homeserver.user("carol", null), 2);

    regenerate();

    assertThat(Rows.of(database, "SELECT user_id FROM user_directory"))
        .containsExactlyInAnyOrder(alice, "@carol:sample.test");
  }

  @Test
  void worksOnTheSchemaOfANewHomeserver() throws Exception {
    deactivate(homeserver.user("bob", null), 1);
    deactivate(homeserver.user("carol", null), 2);
    homeserver.user("dave", "Dave of another server");
    homeserver.join(homeserver.room(), alice, null);
    homeserver.join("!1:sample.test", "@erin:other.test", "Erin");
    Rows.run(
        database,
        "ALTER TABLE profiles ADD full_user_id text",
        "UPDATE profiles SET full_user_id = '@' || user_id || ':sample.test' WHERE user_id <> 'dave'",
        "CREATE TABLE user_directory_stale_remote_users (user_id text PRIMARY KEY)",
        "INSERT INTO user_directory_stale_remote_users VALUES ('@erin:other.test'), ('@frank:other.test')");

    regenerate();

    assertThat(
            Rows.of(database, "SELECT concat_ws(' ', user_id, display_name) FROM user_directory"))
        .containsExactlyInAnyOrder(alice + " Alice", "@dave:sample.test", "@erin:other.test Erin");
    assertThat(Rows.of(database, "TABLE user_directory_stale_remote_users"))
        .containsExactly("@frank:other.test");
  }

  @Test
  void remembersThePositionFromBeforeItBegan() throws Exception {
    homeserver.sql("INSERT INTO user_directory_stream_pos (stream_id) VALUES (NULL)");

    regenerate();
    assertThat(positions()).containsExactly("-1");

    homeserver.sql(
        "INSERT INTO current_state_delta_stream VALUES (7, '!a:b', 'm.room.name', '', NULL)");
    regenerate();
    assertThat(positions()).containsExactly("7");
  }

  @Test
  void passesTheCheckBeforeItHasRun() {
    assertThat(JobRunner.ofSample(database).check(JobRunner.DIRECTORY)).isEmpty();
  }

  private static final String MEMBERSHIP =
      """
      INSERT INTO room_memberships (event_id, user_id, sender, room_id, membership)
      VALUES (?, ?, '@x:sample.test', ?, ?)""";

  /** Adds a room with one state event. */
  private String roomWith(@Nullable String version, String type, String content) {
    var room = homeserver.room(version);
    homeserver.state(room, type, content);
    return room;
  }

  private @Nullable String eventOf(String room) {
    return Rows.of(
            database,
            "SELECT event_id FROM current_state_events WHERE room_id = '%s'".formatted(room))
        .get(0);
  }

  private List<@Nullable String> rooms() {
    return Rows.of(
        database, "SELECT room_id FROM events UNION SELECT room_id FROM rooms ORDER BY 1");
  }

  private int pairs() {
    return Rows.of(database, "TABLE users_who_share_private_rooms").size();
  }

  /** What the directory has, in all four tables. */
  private List<@Nullable String> rows() {
    return Rows.of(
        database,
        """
        SELECT CAST(d AS text) FROM user_directory d
        UNION ALL SELECT CAST(s AS text) FROM user_directory_search s
        UNION ALL SELECT CAST(p AS text) FROM users_in_public_rooms p
        UNION ALL SELECT CAST(w AS text) FROM users_who_share_private_rooms w
        ORDER BY 1""");
  }

  private List<@Nullable String> positions() {
    return Rows.of(database, "SELECT stream_id FROM user_directory_stream_pos");
  }

  private void deactivate(String user, int how) {
    homeserver.sql("UPDATE users SET deactivated = ? WHERE name = ?", how, user);
  }

  private void regenerate() throws InterruptedException {
    JobRunner.withAppservice(database, SERVER_NAME, "@bot:sample.test", "@irc_|@sms_")
        .run(JobRunner.DIRECTORY);
  }
}
