package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.Work;
import io.undercurrent.page.Read;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.run.RunStatements;
import io.undercurrent.runner.Outcomes;
import io.undercurrent.sql.Sql;
import io.undercurrent.state.Reason;
import io.undercurrent.status.DatabaseStatus.CountsView;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.RecordedLog;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** What runs tell of the rows that they have changed. */
@PostgresTest
class ChangedRowsTests {

  private static final Read NUMBERS = new Read.Table("numbers", List.of("id"), null);
  private static final Read PAIRS = new Read.Table("pairs", List.of("a", "b"), null);
  private static final ChangedPerItem ONE = new ChangedPerItem(1, 1);
  private static final String COUNT_UP =
      "UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id";
  private static final String BY_HALF_OF_THE_KEY =
      "UPDATE pairs SET n = n + 1 FROM chunk WHERE pairs.a = chunk.a";

  @Test
  void warnsOfAWriteThatMatchesNothing(Database database) throws Exception {
    createTable(database, "numbers", 20_000);

    try (var log = new RecordedLog(Outcomes.class)) {
      run(
          database,
          new ReadWrite(
              NUMBERS,
              null,
              statements("UPDATE numbers SET n = 1 FROM chunk WHERE numbers.id = -chunk.id")),
          new ScriptedController());

      assertThat(history(database)).containsExactly("20000 walked, 20000 matching, 0 changed");
      assertThat(warnings(database))
          .containsExactly(
              "0 rows were changed for 20,000 items. Check that it finds the rows that it should change; if that is right, say so in the job file with: expect: {changed-per-item: \"0..1\"}");
      assertThat(log.messages())
          .singleElement()
          .isEqualTo("Update work on master: " + warnings(database).get(0));
    }
    assertThat(Rows.of(database, "SELECT write_count FROM undercurrent.batch_step_execution"))
        .containsExactly("0");
    assertThat(Reason.of(new Engine(database, new ScriptedController().controller()).why("work")))
        .singleElement()
        .satisfies(
            reason ->
                assertThat(reason.sentence())
                    .startsWith(
                        "is not queued on 'master'. Its last run was completed with a warning: 0 rows"));
  }

  @Test
  void warnsOfTheStatementOfAListThatMatchesNothing(Database database) throws Exception {
    createTable(database, "numbers", 250);
    Rows.run(database, "CREATE TABLE archive (LIKE numbers)");

    run(
        database,
        new ReadWrite(
            NUMBERS,
            null,
            statements(
                "INSERT INTO archive SELECT numbers.* FROM numbers JOIN chunk USING (id)",
                "DELETE FROM numbers USING chunk WHERE numbers.id = chunk.id AND n > 0")));

    assertThat(history(database)).containsExactly("250 walked, 250 matching, 250 changed");
    assertThat(warnings(database))
        .singleElement()
        .asString()
        .startsWith("0 rows were changed for 250 items by statement 2 of 2 in 'write'.");
  }

  @Test
  void doesNotWarnWhereEachStatementChangesARowForEachItem(Database database) throws Exception {
    createTable(database, "numbers", 250);

    run(database, new ReadWrite(NUMBERS, null, statements(COUNT_UP, COUNT_UP)));

    assertThat(history(database)).containsExactly("250 walked, 250 matching, 500 changed");
    assertThat(warnings(database)).containsOnlyNulls();
  }

  @Test
  void doesNotWarnOfZeroWhereTheFileAllowsIt(Database database) throws Exception {
    createTable(database, "numbers", 250);

    run(
        database,
        new ReadWrite(
            NUMBERS,
            null,
            statements("INSERT INTO numbers SELECT id FROM chunk ON CONFLICT DO NOTHING"),
            new ChangedPerItem(0, 1)));

    assertThat(history(database)).containsExactly("250 walked, 250 matching, 0 changed");
    assertThat(warnings(database)).containsOnlyNulls();
  }

  @Test
  void warnsOfAWriteThatJoinsOnHalfOfTheKey(Database database) throws Exception {
    createPairs(database);

    run(database, new ReadWrite(PAIRS, null, statements(BY_HALF_OF_THE_KEY)));

    assertThat(history(database)).containsExactly("300 walked, 300 matching, 306 changed");
    assertThat(warnings(database))
        .containsExactly(
            "306 rows were changed for 300 items. Check that it finds the rows that it should change, by their whole key; if that is right, say so in the job file with: expect: {changed-per-item: \"0..\"}");
  }

  @Test
  void stopsAWriteThatJoinsOnHalfOfTheKeyAtItsFirstChunk(Database database) throws Exception {
    createPairs(database);

    var failed = giveUp(database, new ReadWrite(PAIRS, null, statements(BY_HALF_OF_THE_KEY), ONE));

    assertThat(failed.lastError())
        .isEqualTo(
            "expected 1 row changed for each item, found 102 changed for 100 items (rolled back; fix the statement or 'expect', then: retry), in the chunk up to [34, 1]");
    assertThat(failed.failuresInRow()).isEqualTo(1);
    assertThat(Rows.of(database, "SELECT DISTINCT n FROM pairs")).containsExactly("0");
  }

  @Test
  void stopsAnInsertThatFansOutAtTheStatementThatDoesIt(Database database) throws Exception {
    createPairs(database);
    Rows.run(database, "CREATE TABLE copies (LIKE pairs)");

    var failed =
        giveUp(
            database,
            new ReadWrite(
                PAIRS,
                null,
                statements(
                    "UPDATE pairs SET n = 1 FROM chunk WHERE (pairs.a, pairs.b) = (chunk.a, chunk.b)",
                    "INSERT INTO copies SELECT pairs.* FROM pairs JOIN chunk USING (a)"),
                new ChangedPerItem(1, 2)));

    assertThat(failed.lastError())
        .startsWith(
            "expected 1 to 2 rows changed for each item, found 300 changed for 100 items by statement 2 of 2 in 'write'");
    assertThat(Rows.of(database, "SELECT count(*) FROM copies")).containsExactly("0");
  }

  @Test
  void runsToItsEndWhereExpectationsHold(Database database) throws Exception {
    createPairs(database);

    run(
        database,
        new ReadWrite(
            PAIRS,
            null,
            statements(
                "UPDATE pairs SET n = n + 1 FROM chunk WHERE (pairs.a, pairs.b) = (chunk.a, chunk.b)"),
            ONE));

    assertThat(Rows.of(database, "SELECT DISTINCT n FROM pairs")).containsExactly("1");
    assertThat(warnings(database)).containsOnlyNulls();
  }

  @Test
  void tellsRareMatchesFromWalkedKeys(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    var script = new ScriptedController().target(Duration.ofNanos(1));
    var where = new Sql("id % 100 = 7", 1);
    var work =
        new ReadWrite(
            new Read.Table("numbers", List.of("id"), where), null, statements(COUNT_UP), ONE);
    try (var engine = new Engine(database, script.controller(), job(update("work", work)))) {
      var seen = new ArrayList<CountsView>();
      script.atIteration(
          10, () -> seen.add(Objects.requireNonNull(engine.status().current()).counts()));
      engine.queue("work").work();

      assertThat(seen).containsExactly(new CountsView(900, 9L, 9L));
    }

    assertThat(history(database)).containsExactly("1000 walked, 10 matching, 10 changed");
    assertThat(warnings(database)).containsOnlyNulls();
  }

  @Test
  void doesNotWarnWhereNothingMatches(Database database) throws Exception {
    createTable(database, "numbers", 250);
    var nothing = new Read.Table("numbers", List.of("id"), new Sql("id < 0", 1));

    run(database, new ReadWrite(nothing, null, statements(COUNT_UP)));

    assertThat(history(database)).containsExactly("250 walked, 0 matching, 0 changed");
    assertThat(warnings(database)).containsOnlyNulls();
  }

  @Test
  void comparesWithTheWeightsWhereItemsHaveSome(Database database) throws Exception {
    createTable(database, "numbers", 10);
    Rows.run(database, "CREATE TABLE copies (id bigint)");
    var weighted = new Read.Query(new Sql("SELECT id, 5 AS weight FROM numbers", 1), List.of("id"));
    var copy = "INSERT INTO copies SELECT id FROM chunk, generate_series(1, %d)";

    run(database, new ReadWrite(weighted, null, statements(copy.formatted(5))));
    run(database, new ReadWrite(weighted, null, statements(copy.formatted(6))));

    assertThat(warnings(database)).first().isNull();
    assertThat(warnings(database))
        .last()
        .asString()
        .startsWith("60 rows were changed for 50 items.");
  }

  @Test
  void knowsNothingOfWhatFunctionsAndBeansChange(Database database) throws Exception {
    createTable(database, "numbers", 250);

    run(database, new ReadWrite(NUMBERS, null, statements("SELECT abs(id) FROM chunk")));
    run(database, new ReadWrite(NUMBERS, null, new Write.Bean("any")));
    run(
        database,
        new ReadWrite(
            NUMBERS,
            null,
            statements(
                "WITH up AS (UPDATE numbers SET n = 1 FROM chunk WHERE numbers.id = chunk.id RETURNING 1) SELECT count(*) FROM up")));

    assertThat(history(database))
        .containsExactly(
            "250 walked, 250 matching,  changed",
            "250 walked, 250 matching,  changed",
            "250 walked, 250 matching,  changed");
    assertThat(warnings(database)).hasSize(3).containsOnlyNulls();
    assertThat(Rows.of(database, "SELECT write_count FROM undercurrent.batch_step_execution"))
        .containsOnly("250");
  }

  @Test
  void sumsOverRestarts(Database database) throws Exception {
    createTable(database, "numbers", 250);
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 150 OR n = 0)");
    var work = new ReadWrite(NUMBERS, null, statements(COUNT_UP));
    try (var engine = engine(database, work, hundreds())) {
      engine.queue("work").steps();
    }
    assertThat(history(database)).containsExactly("149 walked, 149 matching, 149 changed");

    Rows.run(
        database,
        "ALTER TABLE numbers DROP CONSTRAINT poison",
        "UPDATE undercurrent.runs SET given_up_at = NULL");
    engine(database, work, hundreds()).finish();

    assertThat(history(database)).containsExactly("250 walked, 250 matching, 250 changed");
    assertThat(
            Rows.of(
                database,
                "SELECT write_count FROM undercurrent.batch_step_execution ORDER BY step_execution_id"))
        .contains("149", "101");
    assertThat(warnings(database)).containsOnlyNulls();
  }

  @Test
  void doesNotCountWhatAnOlderVersionHasDone(Database database) throws Exception {
    createTable(database, "numbers", 250);
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 150 OR n = 0)");
    var work = new ReadWrite(NUMBERS, null, statements(COUNT_UP));
    try (var engine = engine(database, work, hundreds())) {
      engine.queue("work").steps();
    }
    Rows.run(
        database,
        "ALTER TABLE numbers DROP CONSTRAINT poison",
        """
        UPDATE undercurrent.batch_step_execution_context
           SET short_context = regexp_replace(
                 short_context, '"undercurrent.(matching|changed|changedByStatement)":(\\[[^]]*\\]|"[^"]*"),?', '', 'g')""",
        "UPDATE undercurrent.runs SET given_up_at = NULL");

    engine(database, work, hundreds()).finish();

    assertThat(history(database)).containsExactly("250 walked, 250 matching,  changed");
    assertThat(warnings(database)).containsOnlyNulls();
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMPLETED", "FAILED"})
  void warnsAlsoWhereItsProcessDiedBehindTheLastChunk(String status, Database database)
      throws Exception {
    createTable(database, "numbers", 250);
    var nothing =
        new ReadWrite(
            NUMBERS,
            null,
            statements("DELETE FROM numbers USING chunk WHERE numbers.id = -chunk.id"));
    run(database, nothing);
    var warned = warnings(database);
    Rows.run(
        database,
        "UPDATE undercurrent.runs SET outcome = NULL, ended_at = NULL, warning = NULL",
        "INSERT INTO undercurrent.background_updates (update_name) VALUES ('work')",
        "UPDATE undercurrent.batch_job_execution SET exit_code = '%1$s', status = '%1$s'"
            .formatted(status));

    engine(database, nothing, hundreds()).finish();

    assertThat(warned).doesNotContainNull();
    assertThat(warnings(database)).isEqualTo(warned);
  }

  @Test
  void countsTheRowsOfAOneShotButNoDefinitions(Database database) throws Exception {
    createTable(database, "numbers", 0);

    run(
        database,
        new RunStatements(
            List.of(
                new Sql("INSERT INTO numbers SELECT generate_series(1, 5000)", 1),
                new Sql("CREATE INDEX ON numbers (n)", 1),
                new Sql("DELETE FROM numbers WHERE id > 4000", 1))));
    run(database, new RunStatements(List.of(new Sql("CREATE TABLE more AS SELECT 1 AS id", 1))));
    run(database, new RunStatements(List.of(new Sql("SELECT pg_notify('a', 'b')", 1))));
    run(database, new RunStatements(List.of(new Sql("DELETE FROM numbers WHERE id < 0", 1))));

    assertThat(history(database))
        .containsExactly(
            "0 walked, 0 matching, 6000 changed",
            "0 walked, 0 matching,  changed",
            "0 walked, 0 matching,  changed",
            "0 walked, 0 matching, 0 changed");
    assertThat(warnings(database)).containsOnlyNulls();
  }

  /** Three rows for each a: a chunk of 100 ends in the middle of them. */
  private static void createPairs(Database database) {
    Rows.run(
        database,
        "CREATE TABLE pairs (a int, b int, n int NOT NULL DEFAULT 0, PRIMARY KEY (a, b))",
        "INSERT INTO pairs SELECT a, b FROM generate_series(1, 100) AS a, generate_series(1, 3) AS b");
  }

  private static void run(Database database, Work work) throws InterruptedException {
    run(database, work, hundreds());
  }

  private static void run(Database database, Work work, ScriptedController script)
      throws InterruptedException {
    engine(database, work, script).queue("work").finish();
  }

  /** Runs until the update is given up, at its first failure. */
  private static QueuedUpdate giveUp(Database database, Work work) throws InterruptedException {
    try (var engine = engine(database, work, hundreds())) {
      var update = engine.queue("work").steps().queue.find("work").orElseThrow();
      assertThat(update.givenUp()).isTrue();
      return update;
    }
  }

  private static ScriptedController hundreds() {
    return new ScriptedController().target(Duration.ofNanos(1));
  }

  private static Engine engine(Database database, Work work, ScriptedController script) {
    return new Engine(database, script.controller(), new AnyBean(), job(update("work", work)));
  }

  private static List<@Nullable String> history(Database database) {
    return Rows.of(
        database,
        """
        SELECT format('%s walked, %s matching, %s changed', read_count, matching_count, changed_count)
          FROM undercurrent.update_history
         ORDER BY run""");
  }

  private static List<@Nullable String> warnings(Database database) {
    return Rows.of(database, "SELECT warning FROM undercurrent.update_history ORDER BY run");
  }

  /** A writer that does nothing. */
  private static final class AnyBean implements Beans {

    @Override
    public <T> T get(String name, Class<T> type) {
      ItemWriter<Row> nothing = chunk -> {};
      return type.cast(nothing);
    }
  }
}
