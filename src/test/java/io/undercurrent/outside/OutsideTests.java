package io.undercurrent.outside;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class OutsideTests {

  private static final String LEFTOVERS =
      "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid WHERE NOT indisvalid";

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createTokens(Database database) {
    this.database = database;
    createTable(database, "tokens", 1000);
  }

  @Test
  void runsEachStatementInNoTransaction() throws Exception {
    Rows.run(database, "DELETE FROM tokens WHERE id > 10", "CREATE TYPE mood AS ENUM ('sad')");
    var file = file("tokens_pkey");

    engine(
            "VACUUM (ANALYZE, VERBOSE) tokens",
            "REINDEX INDEX CONCURRENTLY tokens_pkey; -- smaller now",
            "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy'",
            "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'",
            "DROP INDEX CONCURRENTLY IF EXISTS tokens_gone")
        .queue("tidy")
        .finish();

    assertThat(Rows.of(database, "SELECT reltuples FROM pg_class WHERE relname = 'tokens'"))
        .containsExactly("10");
    assertThat(file("tokens_pkey")).isNotEqualTo(file);
    assertThat(Rows.of(database, "SELECT unnest(enum_range(NULL::mood))"))
        .containsExactly("sad", "happy");
    assertThat(steps()).containsExactly("COMPLETED 5 commits 0 rollbacks");
    assertThat(script.events).filteredOn("enter"::equals).hasSize(5);
  }

  @Test
  void goesOnAfterTheStatementsThatAreDone() throws Exception {
    var file = file("tokens_pkey");
    try (var engine = engine("REINDEX INDEX CONCURRENTLY tokens_pkey", "ANALYZE halls")) {
      engine.queue("tidy").steps();
      assertThat(engine.queue.find("tidy").orElseThrow().lastError())
          .isEqualTo("relation \"halls\" does not exist (SQLSTATE 42P01), in statement 2 of 2");
      var rebuilt = file("tokens_pkey");
      assertThat(rebuilt).isNotEqualTo(file);

      createTable(database, "halls", 1);
      engine.queue.forgetFailures("tidy", 1);
      engine.steps();

      assertThat(engine.queue.list()).isEmpty();
      assertThat(file("tokens_pkey")).isEqualTo(rebuilt);
    }
    assertThat(steps())
        .containsExactly("FAILED 1 commits 0 rollbacks", "COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void isNotCompletedWhereTheServerSkipsATable(TestDatabases databases) throws Exception {
    databases.as("janitor", database);
    Rows.run(
        database,
        "GRANT USAGE, CREATE ON SCHEMA undercurrent TO janitor",
        "GRANT ALL ON ALL TABLES IN SCHEMA undercurrent TO janitor",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA undercurrent TO janitor",
        "CREATE TABLE own (id int)",
        "ALTER TABLE own OWNER TO janitor",
        "DO $$ BEGIN EXECUTE format('ALTER ROLE janitor IN DATABASE %I SET client_min_messages = error', current_database()); END $$");

    try (var engine = engine(databases.as("janitor", database), tidy("VACUUM own, tokens"))) {
      engine.queue("tidy").steps();

      var queued = engine.queue.find("tidy").orElseThrow();
      assertThat(queued.givenUp()).isTrue();
      assertThat(queued.lastError())
          .matches(
              "expected all of it to be done without a warning, found: [^;.]*\"tokens\"[^;.]*\\. What was left out .*, then: retry");
    }
    assertThat(steps()).containsExactly("FAILED 0 commits 0 rollbacks");
  }

  @Test
  void dropsWhatABrokenReindexHasLeftFirst() throws Exception {
    Rows.run(
        database,
        "CREATE INDEX tokens_pkey_ccnew ON tokens (id)",
        "CREATE INDEX tokens_pkey_ccold1 ON tokens (id)",
        "CREATE INDEX tokens_n_ccnew ON tokens (n)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('tokens_pkey_ccnew'::regclass, 'tokens_pkey_ccold1'::regclass)");

    engine("REINDEX TABLE CONCURRENTLY tokens").queue("tidy").finish();

    assertThat(
            Rows.of(
                database,
                "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'tokens'::regclass ORDER BY indexrelid::regclass::text"))
        .containsExactly("tokens_n_ccnew", "tokens_pkey");
  }

  @Test
  void leavesNothingWhenItIsCutAndGoesOnLater() throws Exception {
    var file = file("tokens_pkey");
    try (var report = OldSnapshot.hold(database)) {
      var engine = engine("REINDEX INDEX CONCURRENTLY tokens_pkey").queue("tidy").run();
      report.awaitBuild();
      engine.close();
      assertThat(steps()).containsExactly("STOPPED 0 commits 0 rollbacks");
    }
    assertThat(file("tokens_pkey")).isEqualTo(file);

    engine("REINDEX INDEX CONCURRENTLY tokens_pkey").finish();

    assertThat(file("tokens_pkey")).isNotEqualTo(file);
    assertThat(Rows.of(database, LEFTOVERS)).isEmpty();
  }

  @Test
  void asksForAStrongLockOnlyForAMoment() throws Exception {
    var waiter =
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'REINDEX%'";
    try (var application = OtherSession.begin(database);
        var engine = engine("REINDEX INDEX tokens_pkey")) {
      application.run("UPDATE tokens SET n = 1");
      engine.queue("tidy").run();
      Rows.await(database, waiter);

      // Behind a lock that is waited for, this would wait as well.
      var writing =
          CompletableFuture.runAsync(() -> Rows.run(database, "INSERT INTO tokens VALUES (0)"));
      Engine.await().until(writing::isDone);
      writing.join();
      application.close();

      engine.awaitEmptyQueue();
    }
    assertThat(Rows.of(database, "SELECT status FROM undercurrent.batch_step_execution"))
        .containsExactly("COMPLETED");
  }

  private Engine engine(String... statements) {
    return engine(database, tidy(statements));
  }

  private Engine engine(Database database, UpdateDefinition update) {
    return new Engine(database, script.controller(), job(update));
  }

  private static UpdateDefinition tidy(String... statements) {
    var sql = Arrays.stream(statements).map(text -> new Sql(text, 1)).toList();
    return update("tidy", new OutsideStatements(sql));
  }

  private String file(String relation) {
    return String.valueOf(
        Rows.of(database, "SELECT pg_relation_filenode('%s')".formatted(relation)).get(0));
  }

  private List<@Nullable String> steps() {
    return Rows.of(
        database,
        """
        SELECT format('%s %s commits %s rollbacks', status, commit_count, rollback_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }
}
