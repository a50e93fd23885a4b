package io.undercurrent.index;

import static io.undercurrent.testing.Engine.createTable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class CancelledBuildTests {

  private Database database;
  private Path jobs;
  private JobEngine engine;
  private BackgroundUpdates updates;

  @BeforeEach
  void queueABuild(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    this.jobs = jobs;
    createTable(database, "numbers", 100);
    Files.writeString(
        jobs.resolve("index.yaml"),
        """
        updates:
          - name: index
            create-index: {table: numbers, name: numbers_n, columns: [n]}
        """);
    engine = new JobEngine(jobs, database);
    updates = engine.updates;
    updates.start("master", "index");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void cutsABuildNowOrNotAtAll() throws Exception {
    updates.startRunner("master");
    try (var report = OldSnapshot.hold(database)) {
      report.awaitBuild();

      assertThatThrownBy(() -> updates.cancel("master", "index", false))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "Update 'index' on 'master' is building its index right now, and no part of it could be kept. Let it finish, or stop it with: cancel index --now");

      var cancelled = updates.cancel("master", "index", true);

      assertThat(cancelled.updates()).containsExactly("index");
      assertThat(cancelled.remarks())
          .singleElement()
          .asString()
          .matches(
              "The build of index 'numbers_n' was stopped after \\d+ ms; nothing of it is left\\.");
    }
    assertThat(indexesOnN()).isEqualTo("0");
  }

  @Test
  void saysNothingOfABuildThatHadNotBegun() throws Exception {
    Files.writeString(
        jobs.resolve("later.yaml"),
        """
        updates:
          - name: later
            depends-on: index
            create-index: {table: numbers, name: numbers_id, columns: [id]}
        """);
    updates.start("master", "later");
    updates.startRunner("master");
    try (var report = OldSnapshot.hold(database)) {
      report.awaitBuild();

      var cancelled = updates.cancel("master", "index", true);

      assertThat(cancelled.updates()).containsExactlyInAnyOrder("index", "later");
      assertThat(cancelled.remarks())
          .singleElement()
          .asString()
          .startsWith("The build of index 'numbers_n' was stopped");
    }
  }

  @Test
  void dropsWhatADeadRunnerHasLeft() {
    Rows.run(
        database,
        "CREATE INDEX numbers_n ON numbers (n)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('numbers_n' AS regclass)");

    assertThat(updates.cancel("master", "index", false).remarks())
        .containsExactly(
            "Index 'numbers_n', which an earlier build had left INVALID, has been dropped.");
    assertThat(indexesOnN()).isEqualTo("0");
  }

  @Test
  void tellsHowToDropWhatItCouldNot() throws Exception {
    Rows.run(
        database,
        "CREATE SCHEMA app",
        "ALTER TABLE numbers SET SCHEMA app",
        "CREATE INDEX numbers_n ON app.numbers (n)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('app.numbers_n' AS regclass)");
    var remark =
        "Index 'numbers_n' is INVALID, and transactions that use its table keep it from being dropped. Once they have ended: ";
    String statement;

    try (var report = OldSnapshot.hold(database, "SELECT FROM app.numbers LIMIT 1")) {
      var index = Engine.index("app.numbers", "numbers_n");
      var patience = Duration.ofMillis(300);
      var told = new CancelledBuild(database, index, false, patience, TimeSource.SYSTEM).clear();
      assertThat(told).get().asString().startsWith(remark);
      statement = told.get().substring(remark.length());
    }

    Rows.run(database, statement);
    assertThat(indexesOnN()).isEqualTo("0");
  }

  @Test
  void leavesAnIndexThatIsBuilt() {
    Rows.run(database, "CREATE INDEX numbers_n ON numbers (n)");

    assertThat(updates.cancel("master", "index", true).remarks())
        .containsExactly("Index 'numbers_n' has been built; it stays.");
    assertThat(indexesOnN()).isEqualTo("1");
  }

  @Test
  void waitsForAPausedBuildUnderWay() throws Exception {
    updates.startRunner("master");
    try (var report = OldSnapshot.hold(database)) {
      report.awaitBuild();
      updates.pause("master", "index", null, "anna", null);

      assertThat(updates.awaitIdle("master", Duration.ZERO)).isFalse();
    }
    assertThat(updates.awaitIdle("master", Duration.ofMinutes(1))).isTrue();
    assertThat(indexesOnN()).isEqualTo("1");
  }

  private String indexesOnN() {
    return String.valueOf(
        Rows.of(database, "SELECT count(*) FROM pg_class WHERE relname = 'numbers_n'").get(0));
  }
}
