package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The job on the sample homeserver, against what its rules tell for all rows at once. */
@PostgresTest
class RegenerateDirectoryTests {

  private static final List<String> TABLES =
      List.of(
          "user_directory",
          "user_directory_search",
          "users_in_public_rooms",
          "users_who_share_private_rooms");

  private static final String REMOTE_USERS =
      "SELECT user_id FROM user_directory WHERE user_id NOT LIKE '%:sample.test'";

  private Database database;
  private JobRunner runner;

  @BeforeEach
  void loadTheSample(TestDatabases databases) {
    database =
        databases.createLike(
            "sample", template -> new SampleHomeserver(template).load(120, step -> {}));
    runner = JobRunner.ofSample(database);
  }

  @Test
  void followsTheHomeserversChanges() throws Exception {
    runner.run(JobRunner.DIRECTORY);
    ExpectedDirectory.assertHolds(database);

    changeTheHomeserver();
    runner.run(JobRunner.DIRECTORY);

    ExpectedDirectory.assertHolds(database);
  }

  @Test
  void doesNotDependOnTheOrderOfTexts() throws Exception {
    var version = database.jdbc().sql("SHOW server_version_num").query(Integer.class).single();
    assumeThat(version).as("ICU's order needs PostgreSQL 15").isGreaterThanOrEqualTo(150000);
    var settings = database.settings();
    var name = "icu" + settings.url().substring(settings.url().lastIndexOf('/') + 1);
    Rows.run(
        database,
        "CREATE DATABASE %s TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'"
            .formatted(name));
    var url = settings.url().replaceFirst("[^/]*$", name);
    try (var other = new Database(new DatabaseSettings("master", url, settings.username(), null))) {
      other.prepare();
      assertThat(Rows.of(other, "SELECT 'a' < 'B'")).containsExactly("t");
      new SampleHomeserver(other).load(120, step -> {});

      JobRunner.ofSample(other).run(JobRunner.STATISTICS);
      JobRunner.ofSample(other).run(JobRunner.DIRECTORY);

      ExpectedDirectory.assertHolds(other);
      assertThat(
              Rows.of(
                  other,
                  "SELECT DISTINCT room_id FROM current_state_events EXCEPT SELECT room_id FROM room_stats_current"))
          .isEmpty();
    } finally {
      Rows.run(database, "DROP DATABASE %s WITH (FORCE)".formatted(name));
    }
  }

  @Test
  void writesNothingWhereNothingHasChanged() throws Exception {
    runner.run(JobRunner.DIRECTORY);
    var versions = versions();

    runner.run(JobRunner.DIRECTORY);

    assertThat(versions).isNotEmpty();
    assertThat(versions()).isEqualTo(versions);
    assertThat(staged()).isZero();
  }

  @Test
  void letsReadersFindEverybodyAllTheTime() throws Exception {
    runner.run(JobRunner.DIRECTORY);
    changeTheHomeserver();
    var before = everybody();
    var looks = new ArrayList<Set<String>>();

    var run = CompletableFuture.runAsync(this::regenerate);
    while (!run.isDone()) {
      looks.add(everybody());
      Thread.sleep(20);
    }
    run.join();

    before.retainAll(everybody());
    assertThat(before).hasSizeGreaterThan(20);
    assertThat(looks).hasSizeGreaterThan(10).allMatch(found -> found.containsAll(before));
  }

  @Test
  void healsWhatACancelledRunHasLeft() throws Exception {
    var iterations = new AtomicInteger();
    runner.run(
        JobRunner.DIRECTORY,
        (update, name, oneShot) -> {
          if (update.endsWith("process_members") && iterations.incrementAndGet() == 3) {
            new UpdateQueue(database).cancel(update);
          }
          return JobRunner.paced(Duration.ofMillis(1));
        });
    assertThat(staged()).isPositive();
    assertThat(Rows.of(database, REMOTE_USERS)).isEmpty();

    changeTheHomeserver();
    runner.run(JobRunner.DIRECTORY);

    ExpectedDirectory.assertHolds(database);
  }

  @Test
  void goesOnAfterAKill() throws Exception {
    try (var process = DirectoryProcess.start(database)) {
      process.awaitCommits("populate_user_directory_process_members", 2);
      process.kill();
    }
    assertThat(new UpdateQueue(database).list()).isNotEmpty();

    runner.finish();

    ExpectedDirectory.assertHolds(database);
    assertThat(
            Rows.of(
                database,
                """
                SELECT status
                  FROM undercurrent.batch_step_execution
                 WHERE step_name = 'populate_user_directory_process_members'
                 ORDER BY step_execution_id"""))
        .containsExactly("FAILED", "COMPLETED");
  }

  @Test
  void looksAtTheStateOfTheMomentBeforeItSweeps() throws Exception {
    runner.run(
        JobRunner.DIRECTORY,
        (update, name, oneShot) -> {
          if (update.endsWith("process_users")) {
            goOnLikeAHomeserver();
          }
          return JobRunner.paced(Duration.ofMillis(100));
        });

    ExpectedDirectory.assertHolds(database);
  }

  /** A room with new users comes up, all leave another one; the directory learns of the former. */
  private void goOnLikeAHomeserver() {
    Rows.run(
        database,
        """
        WITH room AS (
          SELECT room_id FROM users_in_public_rooms ORDER BY room_id LIMIT 1)
        UPDATE room_memberships
           SET membership = 'leave'
          FROM room
         WHERE room_memberships.room_id = room.room_id""",
        """
        WITH newcomer (user_id) AS (
          VALUES ('@anna0:sample.test'), ('@new:remote.test')),
        state AS (
          INSERT INTO current_state_events (event_id, room_id, type, state_key, membership)
          SELECT '$new' || user_id, '!new:sample.test', 'm.room.member', user_id, 'join'
            FROM newcomer
          ON CONFLICT DO NOTHING),
        membership AS (
          INSERT INTO room_memberships (event_id, user_id, sender, room_id, membership)
          SELECT '$new' || user_id, user_id, user_id, '!new:sample.test', 'join'
            FROM newcomer
          ON CONFLICT DO NOTHING),
        local AS (
          INSERT INTO users (name)
          VALUES ('@anna0:sample.test')
          ON CONFLICT DO NOTHING),
        entry AS (
          INSERT INTO user_directory (user_id)
          TABLE newcomer
          ON CONFLICT DO NOTHING),
        search AS (
          INSERT INTO user_directory_search (user_id, vector)
          SELECT user_id,
                 setweight(to_tsvector('simple', substring(user_id FROM '^@([^:]*)')), 'A')
                 || setweight(to_tsvector('simple', substring(user_id FROM ':(.*)$')), 'D')
            FROM newcomer
          ON CONFLICT DO NOTHING)
        INSERT INTO users_who_share_private_rooms (user_id, other_user_id, room_id)
        VALUES ('@anna0:sample.test', '@new:remote.test', '!new:sample.test')
        ON CONFLICT DO NOTHING""");
  }

  private void changeTheHomeserver() {
    Rows.run(
        database,
        "UPDATE room_memberships SET membership = 'leave' WHERE hashtext(event_id) % 11 = 0",
        "UPDATE room_memberships SET membership = 'ban' WHERE hashtext(event_id) % 13 = 0",
        "UPDATE room_memberships SET display_name = 'Ms ' || display_name WHERE hashtext(event_id) % 7 = 0",
        "UPDATE profiles SET displayname = 'Mr ' || displayname WHERE hashtext(user_id) % 3 = 0",
        "UPDATE users SET deactivated = 1 WHERE hashtext(name) % 9 = 0",
        "UPDATE users SET user_type = 'support' WHERE hashtext(name) % 10 = 0",
        """
        UPDATE event_json
           SET json = CASE
                 WHEN json LIKE '%"join_rule":"public"%'
                   THEN replace(json, '"join_rule":"public"', '"join_rule":"invite"')
                 ELSE replace(json, '"join_rule":"invite"', '"join_rule":"public"')
               END
         WHERE json LIKE '%"m.room.join_rules"%'
           AND hashtext(room_id) % 3 = 0""",
        "DELETE FROM current_state_events WHERE hashtext(room_id) % 8 = 0",
        "INSERT INTO current_state_delta_stream VALUES (999999999, '!a:b', 'm.room.name', '', NULL)");
  }

  private void regenerate() {
    try {
      runner.run(JobRunner.DIRECTORY);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Set<String> everybody() {
    return new TreeSet<>(
        Rows.of(
            database,
            "SELECT user_id FROM user_directory JOIN user_directory_search USING (user_id)"));
  }

  private List<@Nullable String> versions() {
    var versions = new ArrayList<@Nullable String>();
    for (var table : TABLES) {
      versions.addAll(
          Rows.of(
              database,
              "SELECT concat_ws(' ', tableoid, ctid, xmin, xmax) FROM %s ORDER BY ctid"
                  .formatted(table)));
    }
    return versions;
  }

  private long staged() {
    return database
        .jdbc()
        .sql("SELECT count(*) FROM undercurrent.directory_members")
        .query(Long.class)
        .single();
  }
}
