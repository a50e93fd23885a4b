package io.undercurrent.quarantine;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.page.Walk;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** Rows on which an update fails are found and put aside; all others are written once. */
@PostgresTest
class PuttingAsideTests {

  private static final QuarantineLimit HUNDRED = new QuarantineLimit(100, null);
  private static final String COUNT_UP =
      "UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id";

  /** Chunks of 100, whatever the pace. */
  private final ScriptedController script = new ScriptedController().target(Duration.ofNanos(1));

  @Test
  void findsEachRowThatViolatesAConstraint(Database database) throws Exception {
    createTable(database, "numbers", 5_000);
    Rows.run(database, "ALTER TABLE numbers ADD CHECK (id % 135 > 0 OR n = 0)");

    finish(database, counting("numbers", "numbers").with(HUNDRED));

    assertThat(keys(database))
        .isEqualTo(IntStream.rangeClosed(1, 37).mapToObj(i -> "[\"" + 135 * i + "\"]").toList());
    assertThat(Rows.of(database, "SELECT DISTINCT sqlstate || run FROM undercurrent.quarantine"))
        .containsExactly("235141");
    assertThat(Rows.of(database, "SELECT message FROM undercurrent.quarantine LIMIT 1"))
        .containsExactly(
            "new row for relation \"numbers\" violates check constraint \"numbers_check\": Failing row contains (135, 1). (SQLSTATE 23514), at the key [135]");
    assertThat(counted(database)).containsExactly("0 in 37 rows", "1 in 4963 rows");
  }

  @Test
  void saysSoInSpringBatchsTables(Database database) throws Exception {
    createTable(database, "numbers", 250);
    Rows.run(database, "ALTER TABLE numbers ADD CHECK (id <> 150 OR n = 0)");

    finish(database, counting("numbers", "numbers").with(HUNDRED));

    for (var execution : List.of("job", "step")) {
      assertThat(
              Rows.of(
                  database,
                  "SELECT status || ': ' || exit_code || ': ' || exit_message FROM undercurrent.batch_%s_execution"
                      .formatted(execution)))
          .containsExactly("COMPLETED: COMPLETED WITH QUARANTINE: 1 row in quarantine");
    }
    assertThat(
            Rows.of(
                database,
                "SELECT concat_ws(' ', read_count, filter_count, write_count) FROM undercurrent.batch_step_execution"))
        .containsExactly("250 1 249");
  }

  @Test
  void findsWhatAFilterCannotCast(Database database) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE numbers (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, price text)",
        "INSERT INTO numbers (id, price) SELECT i, CASE WHEN i IN (3, 9999, 20000) THEN 'free' ELSE '1' END FROM generate_series(1, 20000) AS i",
        "ANALYZE numbers");
    var read = new Read.Table("numbers", List.of("id"), new Sql("CAST(price AS int) > 0", 1));

    finish(
        database, update("numbers", new ReadWrite(read, null, statements(COUNT_UP))).with(HUNDRED));

    assertThat(keys(database)).containsExactly("[\"3\"]", "[\"9999\"]", "[\"20000\"]");
    assertThat(Rows.of(database, "SELECT DISTINCT sqlstate FROM undercurrent.quarantine"))
        .containsExactly("22P02");
    assertThat(counted(database)).containsExactly("0 in 3 rows", "1 in 19997 rows");
  }

  @Test
  void findsWhatAQueryCannotEvaluate(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    var read =
        new Read.Query(
            new Sql("SELECT id, 10 / (id % 500) AS share FROM numbers", 1), List.of("id"));
    var write =
        statements(
            "UPDATE numbers SET n = n + 1 + 0 * share FROM chunk WHERE numbers.id = chunk.id");

    finish(database, update("numbers", new ReadWrite(read, null, write)).with(HUNDRED));

    assertThat(keys(database)).containsExactly("[\"500\"]", "[\"1000\"]");
    assertThat(counted(database)).containsExactly("0 in 2 rows", "1 in 998 rows");
  }

  @Test
  void findsRowsOnTheWayDown(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    Rows.run(database, "ALTER TABLE numbers ADD CHECK (id NOT IN (1, 500, 501, 900) OR n = 0)");
    var down = new Walk(List.of(new Sql("950", 1)), List.of(new Sql("1", 1)), true);
    var read = new Read.Table("numbers", List.of("id"), new Sql("id % 10 < 5", 1), down);

    finish(
        database, update("numbers", new ReadWrite(read, null, statements(COUNT_UP))).with(HUNDRED));

    assertThat(keys(database)).containsExactly("[\"900\"]", "[\"501\"]", "[\"500\"]", "[\"1\"]");
    assertThat(counted(database)).containsExactly("0 in 529 rows", "1 in 471 rows");
  }

  @Test
  void namesACompositeKey(Database database) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE members (room text, person text, n int DEFAULT 0, PRIMARY KEY (room, person))",
        "INSERT INTO members SELECT 'r' || i % 10, 'p\"' || i FROM generate_series(1, 500) AS i",
        "ALTER TABLE members ADD CHECK (person <> 'p\"77' OR n = 0)");
    var read = new Read.Table("members", List.of("room", "person"), null);
    var write =
        statements(
            "UPDATE members SET n = n + 1 FROM chunk WHERE members.room = chunk.room AND members.person = chunk.person");

    finish(database, update("members", new ReadWrite(read, null, write)).with(HUNDRED));

    assertThat(keys(database)).containsExactly("[\"r7\", \"p\\\"77\"]");
    assertThat(Rows.of(database, "SELECT count(*) FROM members WHERE n = 1 AND person <> 'p\"77'"))
        .containsExactly("499");
  }

  @Test
  void findsWhatATriggerRefuses(Database database) throws Exception {
    createTable(database, "numbers", 300);
    Rows.run(
        database,
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF new.id = 250 THEN
            RAISE EXCEPTION 'order % is closed', new.id;
          END IF;
          RETURN new;
        END $$""",
        "CREATE TRIGGER refuse BEFORE UPDATE ON numbers FOR EACH ROW EXECUTE FUNCTION refuse()");

    finish(database, counting("numbers", "numbers").with(HUNDRED));

    assertThat(Rows.of(database, "SELECT key || sqlstate || message FROM undercurrent.quarantine"))
        .singleElement()
        .asString()
        .startsWith("[\"250\"]P0001order 250 is closed");
    assertThat(counted(database)).containsExactly("0 in 1 rows", "1 in 299 rows");
  }

  @Test
  void findsWhatIsNotUnique(Database database) throws Exception {
    createTable(database, "numbers", 300);
    Rows.run(
        database,
        "CREATE TABLE copies (id int PRIMARY KEY, n int UNIQUE)",
        "INSERT INTO copies VALUES (-1, 40), (-2, 41)");
    var write = statements("INSERT INTO copies SELECT id, id FROM chunk");
    var read = new Read.Table("numbers", List.of("id"), null);

    finish(database, update("copies", new ReadWrite(read, null, write)).with(HUNDRED));

    assertThat(keys(database)).containsExactly("[\"40\"]", "[\"41\"]");
    assertThat(Rows.of(database, "SELECT count(*) FROM copies WHERE id > 0"))
        .containsExactly("298");
  }

  @Test
  void findsWhatShowsOnlyAtTheCommit(Database database) throws Exception {
    createTable(database, "numbers", 300);
    Rows.run(
        database,
        "CREATE TABLE allowed (n int PRIMARY KEY)",
        "INSERT INTO allowed SELECT i FROM generate_series(0, 300) AS i WHERE i <> 123",
        "ALTER TABLE numbers ADD FOREIGN KEY (n) REFERENCES allowed DEFERRABLE INITIALLY DEFERRED");
    var write =
        statements("UPDATE numbers SET n = numbers.id FROM chunk WHERE numbers.id = chunk.id");

    finish(database, update("numbers", new ReadWrite(numbers(), null, write)).with(HUNDRED));

    assertThat(keys(database)).containsExactly("[\"123\"]");
    assertThat(Rows.of(database, "SELECT count(*) FROM numbers WHERE n = id"))
        .containsExactly("299");
  }

  @Test
  void findsARowAmongWeights(Database database) throws Exception {
    createTable(database, "numbers", 300);
    Rows.run(database, "ALTER TABLE numbers ADD CHECK (id NOT IN (7, 8, 299) OR n = 0)");
    var read =
        new Read.Query(new Sql("SELECT id, 1 + id % 60 AS weight FROM numbers", 1), List.of("id"));

    finish(
        database, update("numbers", new ReadWrite(read, null, statements(COUNT_UP))).with(HUNDRED));

    assertThat(keys(database)).containsExactly("[\"7\"]", "[\"8\"]", "[\"299\"]");
    assertThat(counted(database)).containsExactly("0 in 3 rows", "1 in 297 rows");
  }

  @Test
  void endsAboveTheLimit(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT bad CHECK (id % 100 > 0 OR n = 0)");
    var definition = counting("numbers", "numbers").with(new QuarantineLimit(3, null));

    try (var engine = new Engine(database, script.controller(), job(definition))) {
      engine.queue("numbers").steps();

      assertThat(error(engine))
          .isEqualTo(
              "expected at most 3 rows of run 1 to fail ('on-error'), found 4. See the others with: quarantine numbers; mend them or 'write', then: retry numbers. The last error: new row for relation \"numbers\" violates check constraint \"bad\": Failing row contains (400, 1). (SQLSTATE 23514), at the key [400]");
      assertThat(keys(database)).containsExactly("[\"100\"]", "[\"200\"]", "[\"300\"]");
      assertThat(counted(database)).containsExactly("0 in 604 rows", "1 in 396 rows");

      Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT bad");
      engine.queue.forgetFailures("numbers", 1);
      engine.work();
    }
    assertThat(counted(database)).containsExactly("0 in 3 rows", "1 in 997 rows");
  }

  @Test
  void endsAboveAShareOfItsRows(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    Rows.run(database, "ALTER TABLE numbers ADD CHECK (id % 100 > 0 OR n = 0)");
    var share = new QuarantineLimit(100, new BigDecimal("0.5"));

    try (var engine =
        new Engine(
            database, script.controller(), job(counting("numbers", "numbers").with(share)))) {
      engine.queue("numbers").steps();

      assertThat(error(engine)).startsWith("expected at most 100 rows or 0.5 % of run 1 to fail");
    }
    assertThat(keys(database)).hasSize(5);
  }

  @Test
  void goesOnCountingInAnotherProcess(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    Rows.run(database, "ALTER TABLE numbers ADD CHECK (id % 100 > 0 OR n = 0)");
    var definition = counting("numbers", "numbers").with(new QuarantineLimit(10, null));
    try (var engine = new Engine(database, script.controller(), job(definition))) {
      script.atIteration(30, engine::stop);
      engine.queue("numbers").step();
    }
    assertThat(keys(database)).hasSizeBetween(1, 9);

    new Engine(database, new ScriptedController().controller(), job(definition)).finish();

    assertThat(keys(database)).hasSize(10);
    assertThat(counted(database)).containsExactly("0 in 10 rows", "1 in 990 rows");
    assertThat(
            Rows.of(
                database,
                "SELECT exit_code FROM undercurrent.batch_job_execution ORDER BY job_execution_id"))
        .containsExactly("STOPPED", "COMPLETED WITH QUARANTINE");
  }

  @Test
  void stopsAtTheRowWithoutAQuarantineAndGoesOnFromThere(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT bad CHECK (id <> 777 OR n = 0)");
    try (var engine =
        new Engine(database, script.controller(), job(counting("numbers", "numbers")))) {
      engine.queue("numbers").steps();

      assertThat(error(engine)).endsWith("(SQLSTATE 23514), at the key [777]");
      assertThat(counted(database)).containsExactly("0 in 224 rows", "1 in 776 rows");
      assertThat(executions(database)).hasSize(1);

      Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT bad");
      engine.queue.forgetFailures("numbers", 1);
      engine.work();
    }
    assertThat(counted(database)).containsExactly("1 in 1000 rows");
    assertThat(executions(database)).containsExactly("FAILED", "COMPLETED");
  }

  @Test
  void putsARowAsideThatTakesTooLongFiveTimes(Database database) throws Exception {
    createTable(database, "numbers", 120);
    Rows.run(
        database,
        """
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_sleep(9);
          RETURN new;
        END $$""",
        "CREATE TRIGGER dawdle BEFORE UPDATE ON numbers FOR EACH ROW WHEN (new.id = 50) EXECUTE FUNCTION dawdle()");
    var read = numbers();
    var definition =
        new UpdateDefinition(
                "numbers",
                null,
                0,
                null,
                Duration.ofMillis(300),
                new ReadWrite(read, null, statements(COUNT_UP)),
                1)
            .with(HUNDRED);

    finish(database, definition);

    assertThat(Rows.of(database, "SELECT key || sqlstate FROM undercurrent.quarantine"))
        .containsExactly("[\"50\"]57014");
    assertThat(counted(database)).containsExactly("0 in 1 rows", "1 in 119 rows");
  }

  @Test
  void putsAsideWhatABeanCannotProcess(Database database) throws Exception {
    createTable(database, "numbers", 300);
    var work = new ReadWrite(numbers(), "bean", statements(COUNT_UP));

    finish(database, work, (ItemProcessor<Row, Row>) row -> refused(row, "id is taken"));

    assertThat(
            Rows.of(
                database,
                "SELECT concat_ws(' ', key, sqlstate, message) FROM undercurrent.quarantine"))
        .containsExactly(
            "[\"7\"] bean 'bean' failed: IllegalStateException: id is taken, at the key [7]");
    assertThat(counted(database)).containsExactly("0 in 1 rows", "1 in 299 rows");
  }

  @Test
  void putsAsideWhatABeanCannotWrite(Database database) throws Exception {
    createTable(database, "numbers", 300);
    var written = new ArrayList<String>();
    var writer =
        (ItemWriter<Row>)
            chunk -> {
              chunk.forEach(row -> refused(row, "no such page"));
              chunk.forEach(row -> written.add(row.get("id")));
            };

    finish(database, new ReadWrite(numbers(), null, new Write.Bean("bean")), writer);

    assertThat(keys(database)).containsExactly("[\"7\"]");
    assertThat(written).hasSize(299).doesNotHaveDuplicates().doesNotContain("7");
  }

  private static Read numbers() {
    return new Read.Table("numbers", List.of("id"), null);
  }

  private void finish(Database database, ReadWrite work, Object bean) throws Exception {
    var beans =
        new Beans() {
          @Override
          public <T> T get(String name, Class<T> type) {
            return type.cast(bean);
          }
        };
    new Engine(database, script.controller(), beans, job(update("numbers", work).with(HUNDRED)))
        .queue("numbers")
        .finish();
  }

  private static Row refused(Row row, String why) {
    if ("7".equals(row.get("id"))) {
      throw new IllegalStateException(why);
    }
    return row;
  }

  private void finish(Database database, UpdateDefinition definition) throws Exception {
    new Engine(database, script.controller(), job(definition)).queue(definition.name()).finish();
  }

  private static @Nullable String error(Engine engine) {
    return engine.queue.find("numbers").orElseThrow().lastError();
  }

  private static List<@Nullable String> keys(Database database) {
    return Rows.of(database, "SELECT key FROM undercurrent.quarantine ORDER BY put_at");
  }

  private static List<@Nullable String> counted(Database database) {
    return Rows.of(
        database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n ORDER BY n");
  }

  private static List<@Nullable String> executions(Database database) {
    return Rows.of(
        database, "SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id");
  }
}
