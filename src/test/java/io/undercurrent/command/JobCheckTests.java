package io.undercurrent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class JobCheckTests {

  @TempDir private Path directory;

  @Test
  void tellsAllProblemsOfAJobWithFileAndLine(Database database) throws IOException {
    Rows.run(database, "CREATE TABLE rooms (id bigint PRIMARY KEY)");
    var file =
        write(
            "rooms",
            """
            updates:
              - name: fill
                read: {table: rooms, key: id}
                write:
                  - UPDATE rooms SET nme = 1 FROM chunk
                  - |
                    DELETE FROM room USING chunk
              - name: swep
                run: SELECT swep()
            """);

    var report = check(database, "rooms");

    assertThat(report.jobs()).containsExactly("rooms");
    assertThat(report.notes()).isEmpty();
    assertThat(report.problems())
        .containsExactly(
            file
                + ":5: update 'fill': column \"nme\" of relation \"rooms\" does not exist (SQLSTATE 42703)",
            file + ":7: update 'fill': relation \"room\" does not exist (SQLSTATE 42P01)",
            file + ":9: update 'swep': function swep() does not exist (SQLSTATE 42883)");
  }

  @Test
  void notesWhatAnEarlierUpdateOfTheChainMakes(Database database) throws IOException {
    var file =
        write(
            "rooms",
            """
            updates:
              - name: table
                run: CREATE TABLE rooms (id bigint PRIMARY KEY)
              - name: fill
                read: {table: rooms, key: id}
                write: UPDATE rooms SET id = 1 FROM chunk
            """);

    var report = check(database, "rooms");

    assertThat(report.problems()).isEmpty();
    assertThat(report.notes())
        .containsExactly(
            file
                + ":4: update 'fill': can be checked when 'table' has run: relation \"rooms\" does not exist (SQLSTATE 42P01)");
  }

  @Test
  void plansWithWhatTheStartWillBringAndLeavesNothingBehind(TestDatabases databases)
      throws IOException {
    var untouched = databases.createEmpty();
    Rows.run(untouched, "CREATE TABLE rooms (id bigint PRIMARY KEY, domain text)");
    var file =
        write(
            "domains",
            """
            needs: homeserver
            updates:
              - name: domains
                read: {table: rooms, key: id}
                write:
                  - UPDATE rooms SET domain = undercurrent.user_domain('@a:b') FROM chunk WHERE rooms.id = chunk.id
                  - UPDATE rooms SET domain = wrong FROM chunk WHERE rooms.id = chunk.id
                  - UPDATE rooms SET domain = undercurrent.wrong() FROM chunk WHERE rooms.id = chunk.id
              - name: rooms_domain
                create-index: {table: rooms, name: rooms_domain, columns: [domain]}
              - name: domains_only
                create-index: {table: rooms, name: domains_only, columns: [domain]}
              - name: runs
                run: SELECT FROM undercurrent.runs, undercurrent.directory_rooms
            """);

    var report = check(untouched, "domains");

    assertThat(report.notes()).isEmpty();
    assertThat(report.problems())
        .containsExactly(
            file + ":7: update 'domains': column \"wrong\" does not exist (SQLSTATE 42703)",
            file
                + ":8: update 'domains': function undercurrent.wrong() does not exist (SQLSTATE 42883)");
    assertThat(
            Rows.of(untouched, "SELECT nspname FROM pg_namespace WHERE nspname = 'undercurrent'"))
        .isEmpty();
  }

  @Test
  void saysWhatAJobNeedsThatUsesAFunctionForHomeservers(Database database, TestDatabases databases)
      throws IOException {
    var file =
        write(
            "domains",
            """
            updates:
              - name: domains
                run: SELECT undercurrent.user_domain('@a:b')
            """);
    var problem =
        file
            + ":3: update 'domains': function undercurrent.user_domain(unknown) does not exist (SQLSTATE 42883). It comes with 'needs: homeserver' at the top of the file";

    assertThat(check(database, "domains").problems()).containsExactly(problem);
    assertThat(check(databases.createEmpty(), "domains").problems()).containsExactly(problem);
  }

  @Test
  void notesWhatTheStartWillBringWhereItMayNotBeMade(TestDatabases databases) throws IOException {
    var weak = databases.as("weak", databases.createEmpty());
    var file =
        write(
            "staged",
            """
            needs: homeserver
            updates:
              - name: staged
                run: SELECT FROM undercurrent.directory_rooms
            """);

    var report = check(weak, "staged");

    assertThat(report.problems()).isEmpty();
    assertThat(report.notes())
        .containsExactly(
            file
                + ":4: update 'staged': can be checked when a job has been started on 'master': relation \"undercurrent.directory_rooms\" does not exist (SQLSTATE 42P01)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO undercurrent_archive SELECT id FROM chunk",
        "INSERT INTO undercurrent_app.archive SELECT id FROM chunk",
        "INSERT INTO \"undercurrent.archive\" SELECT id FROM chunk",
        "INSERT INTO archive SELECT id, 'undercurrent.x' FROM chunk",
        "SELECT app.undercurrent.archive(id) FROM chunk",
        "SELECT undercurrent_archive(id) FROM chunk",
        "SELECT undercurrent.wrong FROM chunk",
        "SELECT CAST(id AS undercurrent) FROM chunk"
      })
  void waitsForNothingElseThatIsMissingBeforeTheFirstStart(String sql, TestDatabases databases)
      throws IOException {
    var untouched = databases.createEmpty();
    Rows.run(untouched, "CREATE TABLE rooms (id bigint PRIMARY KEY)");
    write(
        "archive",
        "updates:\n  - name: archive\n    read: {table: rooms, key: id}\n    write: %s\n"
            .formatted(sql));

    var report = check(untouched, "archive");

    assertThat(report.notes()).isEmpty();
    assertThat(report.problems()).singleElement().asString().contains("archive.yaml:4: update");
  }

  @Test
  void tellsMissingPrivileges(Database database, TestDatabases databases) throws IOException {
    Rows.run(
        database,
        "CREATE TABLE rooms (id bigint PRIMARY KEY, name text)",
        "CREATE TABLE users (id bigint PRIMARY KEY)");
    var file =
        write(
            "rooms",
            """
            updates:
              - name: fill
                read: {table: rooms, key: id}
                write: UPDATE rooms SET name = '' FROM chunk WHERE rooms.id = chunk.id
              - name: read
                read: {sql: SELECT id FROM users, key: id}
                write: SELECT FROM chunk
              - name: once
                run: DELETE FROM rooms
            """);
    Rows.run(
        database,
        "GRANT SELECT ON rooms TO PUBLIC",
        "GRANT USAGE ON SCHEMA undercurrent TO PUBLIC");

    var report = check(databases.as("reader", database), "rooms");

    assertThat(report.problems())
        .containsExactly(
            file + ":4: update 'fill': permission denied for table rooms (SQLSTATE 42501)",
            file + ":6: update 'read': permission denied for table users (SQLSTATE 42501)",
            file + ":9: update 'once': permission denied for table rooms (SQLSTATE 42501)");
  }

  @Test
  void warnsOfADeletionThatScansAnotherTableForEachRow(Database database) throws IOException {
    Rows.run(
        database,
        "CREATE TABLE rooms (id bigint PRIMARY KEY, tag text UNIQUE)",
        "CREATE TABLE messages (id bigint PRIMARY KEY, room bigint REFERENCES rooms ON DELETE CASCADE)",
        "CREATE TABLE tags (room bigint REFERENCES rooms, tag text REFERENCES rooms (tag))",
        "CREATE INDEX ON tags (room)");
    var file =
        write(
            "rooms",
            """
            updates:
              - name: purge
                read: {table: rooms, key: id}
                write: DELETE FROM rooms USING chunk WHERE rooms.id = chunk.id
              - name: rename
                read: {table: rooms, key: id}
                write: UPDATE rooms SET tag = '' FROM chunk WHERE rooms.id = chunk.id
              - name: messages_room
                create-index: {table: messages, name: messages_room, columns: [room]}
              - name: purge_behind_the_index
                read: {table: rooms, key: id}
                write: DELETE FROM rooms WHERE id IN (SELECT id FROM chunk)
            """);

    var report = check(database, "rooms");

    assertThat(report.problems()).isEmpty();
    assertThat(report.warnings())
        .containsExactly(
            file
                + ":4: update 'purge': for each row deleted from rooms, PostgreSQL scans all of messages, because foreign key messages_room_fkey has no index on (room). Build one first, with 'create-index:'; if that is meant, say so with: allow: [cascade]",
            file
                + ":4: update 'purge': for each row deleted from rooms, PostgreSQL scans all of tags, because foreign key tags_tag_fkey has no index on (tag). Build one first, with 'create-index:'; if that is meant, say so with: allow: [cascade]",
            file
                + ":7: update 'rename': for each key changed in rooms, PostgreSQL scans all of tags, because foreign key tags_tag_fkey has no index on (tag). Build one first, with 'create-index:'; if that is meant, say so with: allow: [cascade]",
            file
                + ":12: update 'purge_behind_the_index': for each row deleted from rooms, PostgreSQL scans all of tags, because foreign key tags_tag_fkey has no index on (tag). Build one first, with 'create-index:'; if that is meant, say so with: allow: [cascade]");
  }

  @Test
  void checksTheJobsThatCanBeReadAndTellsWhatIsWrongWithTheOthers(Database database)
      throws IOException {
    var broken = write("broken", "updates: []\n");
    write("sound", "updates:\n  - name: one\n    run: SELECT 1\n");

    var report = check(database, null);

    assertThat(report.jobs()).contains("sound").doesNotContain("broken");
    assertThat(report.problems())
        .contains(broken + ":1: 'updates': expected at least one, found an empty list");
  }

  @Test
  void doesNotMindThatAHomeserversJobsDoNotFitAnotherDatabase(Database database) {
    assertThat(check(database, null).problems()).isEmpty();
    assertThat(check(database, null).notes())
        .contains(
            "Job 'populate_stats_process_rooms' comes with Undercurrent, and does not fit 'master' as it is configured. See why with: check populate_stats_process_rooms");
    assertThat(check(database, "populate_stats_process_rooms").problems()).isNotEmpty();
  }

  @Test
  void refusesAJobThatDoesNotExist(Database database) throws IOException {
    write("rooms", "updates:\n  - name: one\n    run: SELECT 1\n");

    assertThatThrownBy(() -> check(database, "roms"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("Unknown job 'roms', did you mean 'rooms'? List the jobs with: jobs");
  }

  @Test
  @Timeout(5)
  void saysAtOnceThatTheDatabaseIsDown() {
    var nowhere = new DatabaseSettings("master", "jdbc:postgresql://127.0.0.1:1/x", "u", null);

    try (var database = new Database(nowhere)) {
      assertThatThrownBy(() -> check(database, null))
          .isInstanceOf(DatabaseDownException.class)
          .hasMessageStartingWith("Database 'master': nothing listens at 127.0.0.1:1/x");
    }
  }

  private CheckReport check(Database database, String job) {
    return new JobCheck(new Jobs(ShippedKinds.all(), directory, name -> null), database, Beans.NONE)
        .check(job);
  }

  private Path write(String job, String yaml) throws IOException {
    return Files.writeString(directory.resolve(job + ".yaml"), yaml);
  }
}
