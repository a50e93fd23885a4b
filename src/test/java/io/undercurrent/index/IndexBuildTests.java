package io.undercurrent.index;

import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.queue.Pauses;
import io.undercurrent.state.Reason;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.SilencingProxy;
import io.undercurrent.testing.process.EngineProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trouble with index builds; an old snapshot of another session holds them in the middle. */
@PostgresTest
class IndexBuildTests {

  private static final String PKEY = "numbers_pkey unique btree (id)";
  private static final String FAILURES =
      "SELECT last_error FROM undercurrent.runs WHERE last_error IS NOT NULL";
  private static final String BUILT = "numbers_n btree (n)";

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createTable(Database database) {
    this.database = database;
    Engine.createTable(database, "numbers", 100);
  }

  @AfterEach
  void assertThatNothingIsLeftInvalid() {
    assertThat(invalid()).isEmpty();
  }

  @Test
  void buildsTheIndexInOneIteration() throws Exception {
    run(index());

    assertThat(indexes()).containsExactly(BUILT, PKEY);
    assertThat(script.events).containsExactly("on_update index master true", "enter", "exit");
    assertThat(steps()).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void waitsForAnOldSnapshotAndTellsWhoseItIs() throws Exception {
    Rows.run(
        database,
        """
        DO $$ BEGIN
          EXECUTE format('ALTER DATABASE %I SET lock_timeout = 20', current_database());
        END $$""");
    try (var engine = engine(index()).queue("index")) {
      try (var report = OldSnapshot.hold(database)) {
        engine.run();
        awaitBlocked();

        var status = engine.status();
        assertThat(status.reason())
            .startsWith("index: builds numbers_n, which no pause cuts (waiting for old snapshots")
            .contains(
                "blocked by pid %d (report as postgres, idle in transaction"
                    .formatted(report.pid()))
            .endsWith("SELECT pg_terminate_backend(%d)".formatted(report.pid()));
        var current = status.currentUpdates().get(0);
        assertThat(current.state()).isEqualTo(UpdateState.RUNNING);
        var build = current.indexBuild();
        assertThat(build.index()).isEqualTo("numbers_n");
        assertThat(build.phase()).isEqualTo("waiting for old snapshots");
        assertThat(build.waitsFor().state()).isEqualTo("idle in transaction");
        assertThat(build.waitsFor().query()).isEqualTo("SELECT 1");
        assertThat(build.waitsFor().since()).isNotNull();
      }
      engine.awaitEmptyQueue();
    }

    assertThat(indexes()).containsExactly(BUILT, PKEY);
    assertThat(steps()).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void isNotCutByAPause() throws Exception {
    try (var engine = engine(index()).queue("index")) {
      try (var report = OldSnapshot.hold(database)) {
        engine.run();
        awaitBlocked();
        new Pauses(database).add("index", "lunch", "anna", null);
        Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");
        awaitALookAtWishes();

        assertThat(engine.status().currentUpdates())
            .extracting(CurrentUpdate::state)
            .containsExactly(UpdateState.RUNNING);
      }
      engine.awaitEmptyQueue();
    }

    assertThat(indexes()).containsExactly(BUILT, PKEY);
    assertThat(steps()).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void isNamedWithItsLockWhileAllIsPaused() throws Exception {
    try (var engine = engine(index()).queue("index")) {
      try (var report = OldSnapshot.hold(database)) {
        engine.run();
        awaitBlocked();
        new Pauses(database).add(null, "lunch", "anna", null);

        for (var explanation : List.of(engine.why(null), engine.why("index"))) {
          assertThat(Reason.of(explanation))
              .extracting(Reason::cause)
              .containsExactly("paused", "lock-wait");
          assertThat(Reason.of(explanation).get(1).sentence())
              .containsPattern(
                  "^builds numbers_n, which no pause cuts \\(waiting for old snapshots.*\\) and has waited ")
              .contains(" blocked by pid %d (report as ".formatted(report.pid()));
        }
      }
      engine.awaitEmptyQueue();
    }
  }

  @Test
  void isNotTakenForTheBuildOfAnotherUpdate() throws Exception {
    var both = job(update("index", index()), update("other", Engine.index("numbers", "other_n")));
    try (var engine = new Engine(database, script.controller(), both).queue("index")) {
      try (var report = OldSnapshot.hold(database)) {
        engine.run();
        awaitBlocked();

        assertThat(engine.show("index").progress())
            .returns(UpdateState.RUNNING, CurrentUpdate::state)
            .returns(true, shown -> shown.indexBuild() != null);
        assertThat(engine.show("other").progress())
            .returns(UpdateState.WAITING, CurrentUpdate::state)
            .returns(null, CurrentUpdate::indexBuild);
      }
      engine.awaitEmptyQueue();
    }
  }

  @Test
  void isBuiltAgainWhenItsBackendIsTerminated() throws Exception {
    try (var engine = engine(index()).queue("index")) {
      try (var report = OldSnapshot.hold(database)) {
        engine.run();
        awaitBlocked();
        assertThat(
                Rows.of(
                    database,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index"))
            .containsExactly("t");
      }
      engine.awaitEmptyQueue();
    }

    assertThat(indexes()).containsExactly(BUILT, PKEY);
    assertThat(steps()).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void isBuiltAgainWhenItsProcessIsKilled() throws Exception {
    var engine = engine(index()).queue("index");
    try (var report = OldSnapshot.hold(database)) {
      try (var process = EngineProcess.start(database)) {
        awaitBlocked();
        process.kill();
      }
      assertThat(invalid()).containsExactly("numbers_n");
    }

    engine.finish();

    assertThat(indexes()).containsExactly(BUILT, PKEY);
    assertThat(steps())
        .containsExactly("FAILED 0 commits 0 rollbacks", "COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void isDoneWhenItsProcessDiedBehindTheBuild() throws Exception {
    Rows.run(database, "CREATE INDEX numbers_n ON numbers (n)");
    var before = Rows.of(database, "SELECT CAST('numbers_n' AS regclass)::oid");

    run(index());

    assertThat(Rows.of(database, "SELECT CAST('numbers_n' AS regclass)::oid")).isEqualTo(before);
    assertThat(steps()).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void leavesNothingWhenItsProcessStops() throws Exception {
    try (var report = OldSnapshot.hold(database)) {
      try (var engine = engine(index()).queue("index").run()) {
        awaitBlocked();
      }

      assertThat(indexes()).containsExactly(PKEY);
      assertThat(steps()).containsExactly("STOPPED 0 commits 0 rollbacks");
      assertThat(script.events)
          .containsExactly("on_update index master true", "enter", "exit the process shuts down");
    }

    engine(index()).finish();

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  void isHealedByTheNextStartWhenItCouldNotBeClearedAwayInTime() throws Exception {
    try (var report = OldSnapshot.hold(database, "SELECT FROM numbers LIMIT 1")) {
      try (var engine = engine(index()).queue("index").run()) {
        awaitBlocked();
      }
      assertThat(invalid()).containsExactly("numbers_n");
    }

    engine(index()).finish();

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  void isGivenUpWithTheFirstDuplicatesAndBuiltOnceTheyAreMended() throws Exception {
    Rows.run(database, "UPDATE numbers SET n = id / 2 WHERE id <= 20");
    Rows.run(database, "UPDATE numbers SET n = id WHERE id > 20");
    try (var engine = engine(unique()).queue("index").steps()) {
      var failed = engine.queue.list().get(0);
      assertThat(failed.givenUp()).isTrue();
      assertThat(failed.lastErrorSqlState()).isEqualTo("23505");
      assertThat(failed.lastError())
          .startsWith("could not create unique index \"numbers_n\": Key (n)=(")
          .endsWith(
              " is duplicated. (SQLSTATE 23505). Found: (1) in 2 rows, (2) in 2 rows, (3) in 2 rows, (4) in 2 rows, (5) in 2 rows and more. Make them differ, then try again with: retry index");
      assertThat(indexes()).containsExactly(PKEY);

      Rows.run(database, "UPDATE numbers SET n = id");
      engine.queue.forgetFailures("index", 1);
      engine.work();
    }

    assertThat(indexes()).containsExactly("numbers_n unique btree (n)", PKEY);
  }

  @Test
  void dropsWhatItReplacesOnceTheNewOneIsValid() throws Exception {
    Rows.run(database, "CREATE INDEX old_n ON numbers (n)");
    try (var engine = engine(replacing("old_n")).queue("index")) {
      try (var report = OldSnapshot.hold(database)) {
        engine.run();
        awaitBlocked();
        assertThat(indexes()).contains("old_n btree (n)");
      }
      engine.awaitEmptyQueue();
    }

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  void finishesAReplacementThatWasBrokenOff() throws Exception {
    Rows.run(
        database,
        "CREATE INDEX numbers_n ON numbers (n)",
        "CREATE INDEX old_n ON numbers (n)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('old_n' AS regclass)");

    run(replacing("old_n"));

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  void isBuiltBehindADropThatWasBrokenOff() throws Exception {
    Rows.run(
        database,
        "CREATE INDEX numbers_n ON numbers (n)",
        """
        UPDATE pg_index
           SET indisvalid = false, indisready = false, indislive = false
         WHERE indexrelid = CAST('numbers_n' AS regclass)""");

    run(index());

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  void isBuiltWhereWhatItReplacesIsGone() throws Exception {
    run(replacing("gone"));

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  void leavesNothingInvalidWhereItMustNotBeBuilt() throws Exception {
    Rows.run(
        database,
        "CREATE INDEX numbers_n ON numbers (n)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('numbers_n' AS regclass)");

    assertThat(error(replacing("numbers_pkey"))).startsWith("'replaces': expected an index");
    assertThat(indexes()).containsExactly(PKEY);
  }

  @Test
  void healsNamesThatHaveToBeQuotedInAnotherSchema() throws Exception {
    Rows.run(
        database,
        "CREATE SCHEMA \"my app\"",
        "CREATE TABLE \"my app\".\"The \"\"Numbers\"\"\" (id int, \"A b\" int)",
        "CREATE INDEX \"By \"\"A b\"\"\" ON \"my app\".\"The \"\"Numbers\"\"\" (\"A b\")",
        "CREATE INDEX \"Old; one\" ON \"my app\".\"The \"\"Numbers\"\"\" (\"A b\")",
        "UPDATE pg_index SET indisvalid = false WHERE indrelid::regclass::text LIKE '%Numbers%'",
        "CREATE INDEX \"Old; one\" ON numbers (id)");

    run(
        new CreateIndex(
            "\"my app\".\"The \"\"Numbers\"\"\"",
            "By \"A b\"",
            List.of(IndexPart.ofColumn("A b")),
            null,
            false,
            null,
            List.of("id"),
            Map.of(),
            "Old; one",
            1));

    assertThat(
            Rows.of(
                database,
                """
                SELECT indexdef
                  FROM pg_indexes
                 WHERE schemaname = 'my app' OR indexname = 'Old; one'
                 ORDER BY schemaname"""))
        .containsExactly(
            "CREATE INDEX \"By \"\"A b\"\"\" ON \"my app\".\"The \"\"Numbers\"\"\" USING btree (\"A b\") INCLUDE (id)",
            "CREATE INDEX \"Old; one\" ON public.numbers USING btree (id)");
  }

  @Test
  void failsWithoutItsTableAndIsBuiltOnceItIsThere() throws Exception {
    Rows.run(database, "ALTER TABLE numbers RENAME TO hidden");
    try (var engine = engine(index()).queue("index").steps()) {
      assertThat(failures().get(0)).startsWith("relation \"numbers\" does not exist");
      Rows.run(database, "ALTER TABLE hidden RENAME TO numbers");
      engine.queue.forgetFailures("index", 1);
      engine.work();
    }

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  void leavesAnotherIndexOfItsNameAlone() throws Exception {
    Rows.run(database, "CREATE INDEX numbers_n ON numbers (n, id) WHERE n > 5");

    assertThat(error(index()))
        .isEqualTo(
            "expected index 'numbers_n' to be 'btree (n)', found that it is there as 'btree (n, id) WHERE (n > 5)'. Give the new one another name, with 'replaces: numbers_n' if it takes the place of this one");
    assertThat(indexes()).containsExactly("numbers_n btree (n, id) WHERE (n > 5)", PKEY);
  }

  @Test
  void leavesAnInvalidIndexOfAnotherTableAlone() throws Exception {
    Engine.createTable(database, "others", 1);
    Rows.run(
        database,
        "CREATE INDEX numbers_n ON others (n)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('numbers_n' AS regclass)");

    assertThat(error(index()))
        .isEqualTo(
            "expected the name 'numbers_n' to be free, found an index of another table of that name in schema public. Give the index another name");
    assertThat(invalid()).containsExactly("numbers_n");
    Rows.run(database, "DROP INDEX numbers_n");
  }

  @Test
  void leavesAnIndexAloneThatSomebodyElseIsBuilding() throws Exception {
    try (var report = OldSnapshot.hold(database);
        var other = database.connect("psql")) {
      var building =
          new Thread(
              () -> {
                try {
                  other
                      .createStatement()
                      .execute("CREATE INDEX CONCURRENTLY numbers_n ON numbers (n)");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      building.start();
      awaitBlocked();

      try (var engine = engine(index()).queue("index").run()) {
        Rows.await(database, FAILURES);
        assertThat(failures().get(0))
            .startsWith("expected no other build of index 'numbers_n', found that session ");
        report.close();
        building.join();
        engine.awaitEmptyQueue();
      }
    }

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  void doesNotDropAnIndexThatAConstraintStandsOn() throws Exception {
    assertThat(error(replacing("numbers_pkey")))
        .isEqualTo(
            "'replaces': expected an index that can be dropped, found that constraint 'numbers_pkey' depends on 'numbers_pkey'");
    assertThat(indexes()).containsExactly(PKEY);
  }

  @Test
  void isCutWhenItsRowIsDeleted() throws Exception {
    try (var report = OldSnapshot.hold(database);
        var engine = engine(index()).queue("index").run()) {
      awaitBlocked();

      engine.queue.cancel("index");

      Rows.await(
          database, "SELECT 1 FROM undercurrent.batch_step_execution WHERE status = 'STOPPED'");
      assertThat(steps()).containsExactly("STOPPED 0 commits 0 rollbacks");
      assertThat(indexes()).containsExactly(PKEY);
    }
  }

  @Test
  @Tag("faults")
  void isEndedByWhoeverTakesTheDatabaseOver() throws Exception {
    engine(index()).queue("index");
    try (var report = OldSnapshot.hold(database);
        var frozen = EngineProcess.start(database)) {
      awaitBlocked();
      frozen.signal("STOP");
      Rows.run(database, "UPDATE undercurrent.lease SET expires_at = clock_timestamp()");

      try (var engine = engine(index()).run()) {
        Rows.await(database, "SELECT 1 FROM undercurrent.batch_step_execution HAVING count(*) = 2");
        awaitBlocked();
        frozen.kill();
        report.close();
        engine.awaitEmptyQueue();
      }
    }

    assertThat(indexes()).containsExactly(BUILT, PKEY);
  }

  @Test
  @Tag("faults")
  void isBuiltAgainWhenItsConnectionDiesWithoutAWord() throws Exception {
    var direct = database.settings();
    try (var proxy = new SilencingProxy(direct.url());
        var behind =
            new Database(
                new DatabaseSettings("master", proxy.url(), direct.username(), direct.password()));
        var engine =
            new Engine(behind, script.controller(), job(update("index", index()))).queue("index")) {
      try (var report = OldSnapshot.hold(database)) {
        engine.run();
        awaitBlocked();
        proxy.silence("undercurrent index");
        assertThat(
                Rows.of(
                    database,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index"))
            .containsExactly("t");
      }
      engine.awaitEmptyQueue();
    }

    assertThat(indexes()).containsExactly(BUILT, PKEY);
    assertThat(steps())
        .containsExactly("FAILED 0 commits 0 rollbacks", "COMPLETED 1 commits 0 rollbacks");
  }

  private static CreateIndex index() {
    return Engine.index("numbers", false, null);
  }

  private static CreateIndex unique() {
    return Engine.index("numbers", true, null);
  }

  private static CreateIndex replacing(String other) {
    return Engine.index("numbers", false, other);
  }

  private void run(CreateIndex index) throws InterruptedException {
    engine(index).queue("index").finish();
  }

  private Engine engine(CreateIndex index) {
    return new Engine(database, script.controller(), job(update("index", index)));
  }

  /** Why the update is given up. */
  private @Nullable String error(CreateIndex index) throws InterruptedException {
    try (var engine = engine(index).queue("index")) {
      do {
        engine.pass(Duration.ofMinutes(1)).steps();
      } while (!engine.queue.list().get(0).givenUp());
      return failures().get(0);
    }
  }

  private List<@Nullable String> failures() {
    return Rows.of(database, FAILURES);
  }

  /** Waits until a build waits for the other session. */
  private void awaitBlocked() {
    Rows.await(
        database,
        """
                        SELECT pid
                          FROM pg_stat_progress_create_index
                         WHERE datname = current_database()
                           AND phase = 'waiting for old snapshots'
                           AND current_locker_pid > 0""");
  }

  /** Waits until the runner has looked at wishes again. */
  private void awaitALookAtWishes() {
    var now = Rows.of(database, "SELECT CAST(clock_timestamp() AS text)").get(0);
    Rows.await(
        database,
        """
                        SELECT pid
                          FROM pg_stat_activity
                         WHERE datname = current_database()
                           AND application_name = 'undercurrent lease'
                           AND state = 'idle'
                           AND query_start > '%s'"""
            .formatted(now));
  }

  private List<@Nullable String> steps() {
    return Rows.of(
        database,
        """
        SELECT format('%s %s commits %s rollbacks', status, commit_count, rollback_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }

  private List<@Nullable String> invalid() {
    return Rows.of(
        database,
        "SELECT CAST(CAST(indexrelid AS regclass) AS text) FROM pg_index WHERE NOT indisvalid");
  }

  /** All valid indexes of the table, with what they index. */
  private List<@Nullable String> indexes() {
    return Rows.of(
        database,
        """
        SELECT concat_ws(' ', relname, CASE WHEN indisunique THEN 'unique' END,
                         split_part(pg_get_indexdef(indexrelid), ' USING ', 2))
          FROM pg_index
          JOIN pg_class ON pg_class.oid = indexrelid
         WHERE indrelid = CAST('numbers' AS regclass)
           AND indisvalid
         ORDER BY relname""");
  }
}
