package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.Settings;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class ExecutionSessionTests {

  private static final String LOCKS =
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 42";

  private final ScriptedController script = new ScriptedController().batchSizes(100, 100);

  @BeforeEach
  void createTables(Database database) {
    Engine.createTable(database, "customers", 250);
    Rows.run(database, "CREATE SCHEMA app");
    Engine.createTable(database, "app.customers", 250);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TEMP TABLE customers AS SELECT * FROM public.customers",
        "SELECT set_config('search_path', 'app', false)",
        "DO $$ BEGIN SET search_path = app; END $$",
        "DO $$ BEGIN SET default_transaction_read_only = on; END $$"
      })
  void leavesNothingOfAOneShotToTheNextUpdate(String sql, Database database) throws Exception {
    engine(database, run("leak", sql), counting("count", "customers")).queue("leak").finish();

    assertCountedOnce(database);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TEMP TABLE IF NOT EXISTS customers AS SELECT * FROM public.customers",
        "SET search_path = app",
        "SELECT set_config('search_path', 'app', false)"
      })
  void leavesNothingOfAnIterationToTheNext(String leak, Database database) throws Exception {
    createLeak(database, leak);
    var update =
        reading(
            "count",
            "UPDATE customers SET n = n + 1 FROM chunk WHERE customers.id = chunk.id",
            "SELECT public.leak() FROM (SELECT FROM chunk LIMIT 1) AS once");

    engine(database, update).queue("count").finish();

    assertCountedOnce(database);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TEMP TABLE IF NOT EXISTS customers AS SELECT * FROM public.customers",
        "SET search_path = app"
      })
  void leavesNothingOfAFailedExecution(String leak, Database database) throws Exception {
    createLeak(database, leak);
    var failing = reading("leak", "SELECT public.leak(), 1 / (250 - max(id)) FROM chunk");
    var count = counting("count", "customers");
    try (var engine = new Engine(database, script.controller(), job(failing), job(count))) {
      engine.queue("leak").steps();
      assertThat(steps(database, "FAILED")).isNotEmpty();
      engine.queue("count").steps();
    }

    assertCountedOnce(database);
  }

  @Test
  void endsTheSessionsOfAnExecution(Database database) throws Exception {
    Rows.run(database, "CREATE TABLE pids (pid int)");
    var hold =
        run(
            "hold",
            "SELECT pg_advisory_lock(42)",
            "LISTEN changes",
            "DECLARE held CURSOR WITH HOLD FOR SELECT 1",
            "INSERT INTO pids SELECT pg_backend_pid()");
    var look =
        run(
            "look",
            "INSERT INTO pids SELECT pg_backend_pid()",
            "SELECT 1 / CAST(NOT EXISTS (SELECT FROM pg_listening_channels()) AS int)",
            "SELECT 1 / CAST(NOT EXISTS (SELECT FROM pg_cursors WHERE is_holdable) AS int)");

    engine(database, hold, look).queue("hold").finish();

    assertThat(Rows.of(database, "SELECT pid FROM pids")).doesNotHaveDuplicates().hasSize(2);
    Rows.awaitNone(database, LOCKS);
  }

  @Test
  void endsTheSessionsOfAFailedExecution(Database database) throws Exception {
    var failing = run("fail", "SELECT pg_advisory_lock(42)", "SELECT 1 / 0");

    try (var engine = engine(database, failing)) {
      engine.queue("fail").steps();
      assertThat(steps(database, "FAILED")).isNotEmpty();
      Rows.awaitNone(database, LOCKS);
    }
  }

  @Test
  void forgetsTheSessionsThatHaveEnded(Database database) throws Exception {
    var updates =
        IntStream.rangeClosed(1, 12)
            .mapToObj(number -> run("update_" + number, "SELECT 1"))
            .toArray(UpdateDefinition[]::new);

    engine(database, updates).queue("update_1").finish();

    var recorded = Rows.of(database, "SELECT pid FROM undercurrent.lease_backends");
    assertThat(recorded).hasSizeBetween(1, 6);
  }

  @Test
  void worksReadCommittedWhateverTheDatabaseSays(Database database) throws Exception {
    Settings.ofDatabase(database, "default_transaction_isolation", "repeatable read");
    Rows.run(database, "CREATE TABLE seen (level text)");

    engine(
            database,
            run("look", "INSERT INTO seen SELECT current_setting('transaction_isolation')"))
        .queue("look")
        .finish();

    assertThat(Rows.of(database, "SELECT level FROM seen")).containsExactly("read committed");
  }

  private static void createLeak(Database database, String sql) {
    var body = sql.startsWith("SELECT") ? sql.replaceFirst("SELECT", "PERFORM") : sql;
    Rows.run(
        database,
        "CREATE FUNCTION public.leak() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
            + body
            + "; END $$");
  }

  private static void assertCountedOnce(Database database) {
    assertThat(Rows.of(database, "SELECT DISTINCT n FROM public.customers")).containsExactly("1");
    assertThat(Rows.of(database, "SELECT DISTINCT n FROM app.customers")).containsExactly("0");
  }

  private static List<?> steps(Database database, String status) {
    return Rows.of(
        database,
        "SELECT 1 FROM undercurrent.batch_job_execution WHERE status = '%s'".formatted(status));
  }

  /** One job whose updates depend on each other. */
  private Engine engine(Database database, UpdateDefinition... updates) {
    var chain =
        IntStream.range(0, updates.length)
            .mapToObj(i -> i == 0 ? updates[0] : dependingOn(updates[i - 1].name(), updates[i]))
            .toList();
    var job =
        new JobFile(updates[0].name(), null, "jobs/test.yaml", chain, Map.of(), Changelog.ENGINE);
    return new Engine(database, script.controller(), job);
  }

  private static UpdateDefinition dependingOn(String before, UpdateDefinition update) {
    return new UpdateDefinition(update.name(), before, 0, null, null, update.work(), 1);
  }

  private static UpdateDefinition run(String name, String... sql) {
    return update(
        name, new RunStatements(List.of(sql).stream().map(text -> new Sql(text, 1)).toList()));
  }

  private static UpdateDefinition reading(String name, String... sql) {
    var read = new Read.Table("customers", List.of("id"), null);
    return update(name, new ReadWrite(read, null, statements(sql)));
  }
}
