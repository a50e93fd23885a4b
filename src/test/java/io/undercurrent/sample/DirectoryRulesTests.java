package io.undercurrent.sample;

import static io.undercurrent.sample.Homeserver.SERVER_NAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.PostgresTest;
import io.undercurrent.database.Rows;
import java.time.Duration;
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
  void makeHomeserver(Database database) {
    this.database = database;
    homeserver = new Homeserver(database);
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

    regenerate();

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
