package io.undercurrent.doctor;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.index;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class InvalidIndexesTests {

  private static final String INDEXES =
      "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'halls'::regclass ORDER BY 1";

  @BeforeEach
  void createHalls(Database database) {
    createTable(database, "halls", 10);
  }

  /** All rows have the same n. */
  private static void failToBuild(Database database) {
    assertThatThrownBy(
            () -> Rows.run(database, "CREATE UNIQUE INDEX CONCURRENTLY halls_n ON halls (n)"))
        .hasMessageContaining("could not create unique index");
  }

  @Test
  void areFoundAndDropped(Database database) {
    failToBuild(database);
    var examination = Examination.by(new InvalidIndexes(), database);

    assertThat(examination.findings())
        .containsExactly(
            "invalid-index: Index public.halls_n on halls is INVALID: writes keep it up to date, and no query uses it. DROP INDEX CONCURRENTLY public.halls_n (fixable)");
    assertThat(examination.fix("invalid-index"))
        .containsExactly("Dropped the INVALID index public.halls_n.");
    assertThat(Rows.of(database, INDEXES)).containsExactly("halls_pkey");
    assertThat(examination.findings()).isEmpty();
    assertThat(examination.fix("invalid-index")).isEmpty();
  }

  @Test
  void areFoundWithNamesThatNeedQuotesAndAfterAnOtherRebuild(Database database) {
    Rows.run(
        database,
        "CREATE SCHEMA \"Old Town\"",
        "CREATE TABLE \"Old Town\".\"Halls\" (n int)",
        "CREATE INDEX \"by N_ccnew\" ON \"Old Town\".\"Halls\" (n)",
        "UPDATE pg_index SET indisvalid = false WHERE indrelid = '\"Old Town\".\"Halls\"'::regclass");
    var examination = Examination.by(new InvalidIndexes(), database);

    assertThat(examination.fix("invalid-index"))
        .containsExactly("Dropped the INVALID index \"Old Town\".\"by N_ccnew\".");
  }

  @Test
  void areNotThoseThatAreBuiltRightNow(Database database, TestDatabases databases)
      throws Exception {
    var watcher = databases.as("watcher", database);
    CompletableFuture<Void> building;
    try (var report = OldSnapshot.hold(database)) {
      building =
          CompletableFuture.runAsync(
              () -> Rows.run(database, "CREATE INDEX CONCURRENTLY halls_n ON halls (n)"));
      report.awaitBuild();

      assertThat(Rows.of(database, "SELECT 1 FROM pg_index WHERE NOT indisvalid")).hasSize(1);
      assertThat(Examination.by(new InvalidIndexes(), database).findings()).isEmpty();
      assertThat(Examination.by(new InvalidIndexes(), watcher).findings())
          .noneMatch(finding -> finding.contains("halls_n"));
    }
    building.join();
  }

  @Test
  void areNotThoseThatAreRebuiltOrDroppedRightNow(Database database) throws Exception {
    Rows.run(database, "CREATE INDEX halls_n ON halls (n)");
    for (var statement :
        List.of("REINDEX TABLE CONCURRENTLY halls", "DROP INDEX CONCURRENTLY halls_n")) {
      CompletableFuture<Void> working;
      try (var report = OldSnapshot.hold(database, "SELECT count(*) FROM halls")) {
        working = CompletableFuture.runAsync(() -> Rows.run(database, statement));
        Rows.await(database, "SELECT 1 FROM pg_index WHERE NOT indisvalid");

        assertThat(Examination.by(new InvalidIndexes(), database).findings())
            .as(statement)
            .isEmpty();
      }
      working.join();
    }
  }

  @Test
  void areLeftToTheQueuedUpdateThatBuildsThem(Database database) {
    failToBuild(database);
    var job = job(update("index_halls", index("halls", "halls_n")));
    new Engine(database, new ScriptedController().controller(), job).queue("index_halls");
    var examination = Examination.by(new InvalidIndexes(), database, job);

    assertThat(examination.findings())
        .containsExactly(
            "hint invalid-index: Index public.halls_n on halls is INVALID; the queued update 'index_halls' drops it and builds it anew. Let that run, or drop both with: cancel index_halls");
    assertThat(examination.fix("invalid-index")).singleElement().asString().startsWith("left: ");
    assertThat(Rows.of(database, INDEXES)).contains("halls_n");
  }

  @Test
  void areRebuiltByHandWhereSomethingNeedsThem(Database database) {
    Rows.run(
        database,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'halls_pkey'::regclass");
    var examination = Examination.by(new InvalidIndexes(), database);

    assertThat(examination.fix("invalid-index"))
        .containsExactly(
            "left: Index public.halls_pkey on halls is INVALID: writes keep it up to date, and no query uses it, but a constraint, a parent or replication needs it. Left to you: REINDEX INDEX CONCURRENTLY public.halls_pkey");
    Rows.run(database, "REINDEX INDEX CONCURRENTLY public.halls_pkey");
    assertThat(examination.findings()).isEmpty();
  }

  @Test
  void areAHintOnAPartitionedTable(Database database) {
    Rows.run(
        database,
        "CREATE TABLE years (n int) PARTITION BY RANGE (n)",
        "CREATE TABLE years_1 PARTITION OF years FOR VALUES FROM (0) TO (10)",
        "CREATE INDEX years_n ON ONLY years (n)");

    assertThat(Examination.by(new InvalidIndexes(), database).findings())
        .singleElement()
        .asString()
        .startsWith("hint invalid-index: Index public.years_n on the partitioned table years");
  }

  @Test
  void stayWhereATransactionUsesTheTable(Database database) throws Exception {
    failToBuild(database);
    try (var report = OldSnapshot.hold(database, "SELECT count(*) FROM halls")) {
      assertThat(Examination.by(new InvalidIndexes(), database).fix("invalid-index"))
          .singleElement()
          .asString()
          .startsWith("left: Index public.halls_n is still there: canceling statement")
          .endsWith("try again once they have ended");
      assertThat(report.pid()).isPositive();
    }
    assertThat(Examination.by(new InvalidIndexes(), database).fix("invalid-index"))
        .containsExactly("Dropped the INVALID index public.halls_n.");
  }

  @Test
  void stayWhereTheyAreAnotherRoles(Database database, TestDatabases databases) {
    failToBuild(database);
    var stranger = databases.as("stranger", database);

    assertThat(Examination.by(new InvalidIndexes(), stranger).fix("invalid-index"))
        .singleElement()
        .asString()
        .contains("must be owner of index halls_n");
    assertThat(Rows.of(database, INDEXES)).contains("halls_n");
  }
}
