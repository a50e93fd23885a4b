package io.undercurrent.verify;

import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.kind.KeptDefinition;
import io.undercurrent.shell.verb.TestShell;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class VerifyTests {

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createOrders(Database database) {
    this.database = database;
    Rows.run(
        database,
        "CREATE TABLE orders (id int PRIMARY KEY, region text)",
        "INSERT INTO orders SELECT n, 'north' FROM generate_series(1, 100) AS n");
  }

  @Test
  void isCompletedWhereNoRowMatches() throws Exception {
    engine().queue("regions").finish();

    assertThat(steps()).containsExactly("COMPLETED 10 commits, 100 read, 100 filtered, 0 written");
    assertThat(Rows.of(database, "SELECT outcome FROM undercurrent.runs"))
        .containsExactly("COMPLETED");
  }

  @Test
  void failsAtTheEndWithTheFirstKeysThatMatch() throws Exception {
    Rows.run(database, "UPDATE orders SET region = NULL WHERE id % 3 = 0");

    try (var engine = engine()) {
      engine.queue("regions").steps();

      assertThat(error(engine))
          .isEqualTo(
              "expected no row of orders where region IS NULL, found 33 in 100 rows; the first 10 by (id): 3, 6, 9, 12, 15, 18, 21, 24, 27, 30. Mend them, then verify all rows again, from the first key, with: retry");
    }
    assertThat(steps()).containsExactly("FAILED 10 commits, 100 read, 67 filtered, 0 written");
  }

  @Test
  void beginsAnewWhenItIsTriedAgain() throws Exception {
    Rows.run(database, "UPDATE orders SET region = NULL WHERE id = 50");
    try (var engine = engine()) {
      engine.queue("regions").steps();
      Rows.run(
          database,
          "UPDATE orders SET region = CASE WHEN id = 2 THEN NULL ELSE 'north' END",
          "INSERT INTO orders VALUES (101, 'north')");

      retry(engine);
      assertThat(error(engine)).contains("found 1 in 101 rows; all by (id): 2.");

      Rows.run(database, "UPDATE orders SET region = 'south' WHERE region IS NULL");
      retry(engine);
      assertThat(engine.queue.list()).isEmpty();
    }
    assertThat(steps())
        .containsExactly(
            "FAILED 10 commits, 100 read, 99 filtered, 0 written",
            "FAILED 11 commits, 101 read, 100 filtered, 0 written",
            "COMPLETED 11 commits, 101 read, 101 filtered, 0 written");
  }

  @Test
  void keepsWhatItHasFoundOverAStop() throws Exception {
    Rows.run(database, "UPDATE orders SET region = NULL WHERE id IN (5, 95)");
    try (var engine = engine()) {
      script.atIteration(4, engine::stop);
      engine.queue("regions").step();
    }
    assertThat(steps()).containsExactly("STOPPED 3 commits, 30 read, 29 filtered, 0 written");

    script.onEnter(() -> null);
    try (var engine = engine()) {
      engine.steps();

      assertThat(error(engine)).contains("found 2 in 100 rows; all by (id): 5, 95.");
    }
  }

  @Test
  void beginsAnewWhereAnotherConditionWasAcceptedInTheMiddle() throws Exception {
    Rows.run(database, "UPDATE orders SET region = 'south' WHERE id = 5");
    try (var engine = engine()) {
      script.atIteration(4, engine::stop);
      engine.queue("regions").step();
    }
    assertThat(steps()).containsExactly("STOPPED 3 commits, 30 read, 30 filtered, 0 written");

    script.onEnter(() -> null);
    var other = new Sql("region IS NULL OR region = 'south'", 3);
    var accepted = new Verification.OfTable("orders", List.of(), other);
    try (var engine = engine(accepted)) {
      var kept = KeptDefinition.of(update("regions", accepted), Map.of());
      engine.queue.keep("regions", 1, kept.json());
      engine.steps();

      assertThat(error(engine)).contains("found 1 in 100 rows; all by (id): 5.");
    }
  }

  @Test
  void failsAlsoWhenItsProcessDiedBeforeItCouldSaySo() throws Exception {
    Rows.run(database, "UPDATE orders SET region = NULL WHERE id = 7");
    try (var engine = engine()) {
      engine.queue("regions").steps();
      Rows.run(
          database,
          """
          UPDATE undercurrent.batch_step_execution_context
             SET short_context = replace(short_context, '"undercurrent.foundAll"', '"other"')""");
      retry(engine);

      assertThat(error(engine)).contains("found 1 in 100 rows; all by (id): 7.");
    }
  }

  @Test
  void neitherWaitsForTheApplicationNorLocksItsRows() throws Exception {
    try (var application = OtherSession.begin(database)) {
      application.run("UPDATE orders SET region = NULL");
      script.atIteration(5, () -> application.run("DELETE FROM orders WHERE id < 20"));

      engine().queue("regions").finish();
    }
    assertThat(steps()).containsExactly("COMPLETED 10 commits, 100 read, 100 filtered, 0 written");
  }

  @Test
  void needsNoMoreThanToRead(TestDatabases databases) throws Exception {
    databases.as("reader", database);
    Rows.run(
        database,
        "GRANT USAGE, CREATE ON SCHEMA undercurrent TO reader",
        "GRANT ALL ON ALL TABLES IN SCHEMA undercurrent TO reader",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA undercurrent TO reader",
        "GRANT SELECT ON orders TO reader");

    var verification = inChunksOf(10, update("regions", ofTable("orders")));
    new Engine(databases.as("reader", database), script.controller(), job(verification))
        .queue("regions")
        .finish();

    assertThat(steps()).containsExactly("COMPLETED 10 commits, 100 read, 100 filtered, 0 written");
  }

  @Test
  void walksPartitionsWithNamesThatAreQuoted() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE \"Orders\" (\"Shop\" text, id int, region text, PRIMARY KEY (\"Shop\", id)) PARTITION BY LIST (\"Shop\")",
        "CREATE TABLE a PARTITION OF \"Orders\" FOR VALUES IN ('a')",
        "CREATE TABLE b PARTITION OF \"Orders\" FOR VALUES IN ('b')",
        "INSERT INTO \"Orders\" SELECT shop, n, CASE WHEN n < 30 THEN 'north' END FROM unnest('{a,b}'::text[]) AS shop, generate_series(1, 30) AS n");

    try (var engine = engine(ofTable("\"Orders\""))) {
      engine.queue("regions").steps();

      assertThat(error(engine))
          .contains("found 2 in 60 rows; all by (Shop, id): (a, 30), (b, 30).");
    }
  }

  @Test
  void failsForAnyRowOfAQuery() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE refunds (number int, order_id int, amount int NOT NULL)",
        "INSERT INTO refunds VALUES (1, 1, 10), (2, 200, 20), (3, 201, 30)");
    var orphans =
        new Verification.OfQuery(
            new Sql(
                """
                SELECT number, amount -- of orders that are gone
                  FROM refunds
                  LEFT JOIN orders ON orders.id = order_id
                 WHERE orders.id IS NULL -- all of them""",
                3),
            List.of("number"));

    try (var engine = engine(orphans)) {
      engine.queue("regions").steps();
      assertThat(error(engine))
          .startsWith("expected no row of the query SELECT number, amount")
          .contains(", found 2 in 2 rows; all by (number): 2, 3.");

      Rows.run(database, "DELETE FROM refunds WHERE order_id > 100");
      retry(engine);
      assertThat(engine.queue.list()).isEmpty();
    }
  }

  @Test
  void isTriedBeforeItsStart(@TempDir Path jobs) throws Exception {
    Files.writeString(
        jobs.resolve("regions.yaml"),
        """
        updates:
          - name: no_empty_region
            verify: {table: orders, where: region IS NULL}
        """);
    try (var shell = new TestShell(ShippedKinds.all(), database, jobs)) {
      assertThat(shell.perform("check regions")).isZero();
      assertThat(shell.perform("show no_empty_region")).isZero();
      assertThat(shell.out().replaceAll(" +", " "))
          .contains(
              "kind verifies, in chunks; changes nothing",
              "verifies that no row of orders is one where region IS NULL");

      assertThat(shell.perform("dry-run regions")).as(shell.out() + shell.err()).isZero();
    }
  }

  private static Verification ofTable(String table) {
    return new Verification.OfTable(table, List.of(), new Sql("region IS NULL", 3));
  }

  private Engine engine() {
    return engine(ofTable("orders"));
  }

  private Engine engine(Verification work) {
    return new Engine(database, script.controller(), job(inChunksOf(10, update("regions", work))));
  }

  private static void retry(Engine engine) {
    engine.queue.forgetFailures("regions", 1);
    engine.steps();
  }

  private static String error(Engine engine) {
    var queued = engine.queue.find("regions").orElseThrow();
    assertThat(queued.givenUp()).isTrue();
    return String.valueOf(queued.lastError());
  }

  private List<@Nullable String> steps() {
    return Rows.of(
        database,
        """
        SELECT format('%s %s commits, %s read, %s filtered, %s written',
                      status, commit_count, read_count, filter_count, write_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }
}
