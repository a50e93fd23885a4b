package io.undercurrent.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class UpdateRowsTests {

  private Database database;
  private Changes changes;

  @BeforeEach
  void createNumbers(Database database, @TempDir Path directory) {
    this.database = database;
    changes = new Changes(database, directory);
    Engine.createTable(database, "numbers", 250);
  }

  @Test
  void setsColumnsWhereRowsMatch() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE runners (id bigint PRIMARY KEY, version text, semver text, checked bool, note text)",
        "INSERT INTO runners SELECT i, 'v1.' || i, CASE WHEN i > 150 THEN 'known' END, NULL, 'n' FROM generate_series(1, 250) AS i",
        "UPDATE runners SET version = 'nightly' WHERE id <= 10");

    changes.run(
        "update:",
        "  table: runners",
        "  set: {semver: \"substring(version FROM 'v?([0-9.]+)')\", checked: true, note: NULL}",
        "  where: semver IS NULL -- not known");

    assertThat(
            changes.rows(
                "SELECT format('%s %s %s, %s', count(*), max(checked::text), max(note), count(*) FILTER (WHERE semver = substring(version, 2))) FROM runners GROUP BY id > 150 ORDER BY 1"))
        .containsExactly("100  n, 0", "150 true , 140");
    assertThat(changes.counts()).containsExactly("COMPLETED: 250 read, 100 filtered, 150 written");
  }

  @Test
  void goesInLanesWithASource() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE news (number bigint PRIMARY KEY, value int)",
        "INSERT INTO news SELECT i, 7 FROM generate_series(1, 250, 2) AS i");

    changes.run(
        "update: {table: numbers, set: {n: value}, from: news, where: number = numbers.id}",
        "lanes: 2");

    assertThat(changes.rows("SELECT n || ' in ' || count(*) FROM numbers GROUP BY n ORDER BY 1"))
        .containsExactly("0 in 125", "7 in 125");
    assertThat(
            changes.rows(
                "SELECT count(*) FROM undercurrent.batch_step_execution WHERE step_name ~ ':slice'"))
        .containsExactly("2");
  }

  @Test
  void leavesRowsAloneThatHaveTheValues() throws Exception {
    Rows.run(database, "UPDATE numbers SET n = 7 WHERE id <= 30");
    var before = changes.rows("SELECT xmin FROM numbers WHERE id = 30");

    changes.run("update: {table: numbers, set: {n: 7}}", "expect: {changed-per-item: '0..1'}");

    assertThat(changes.rows("SELECT DISTINCT n FROM numbers")).containsExactly("7");
    assertThat(changes.rows("SELECT xmin FROM numbers WHERE id = 30")).isEqualTo(before);
    assertThat(changes.counts()).containsExactly("COMPLETED: 250 read, 0 filtered, 220 written");
    assertThat(changes.rows("SELECT warning FROM undercurrent.runs"))
        .containsExactly((String) null);
  }

  @Test
  void setsWhatIsEqualButNotTheSame() throws Exception {
    Rows.run(
        database,
        "CREATE EXTENSION citext",
        "CREATE DOMAIN short AS varchar(10)",
        "CREATE TABLE kinds (id int PRIMARY KEY, j json, b box, m citext, d numeric, i interval, p point, s short, c char(3), a int[], t numeric(9, 2))",
        """
        INSERT INTO kinds VALUES
        (1, '{"a": 1}', '(0,0),(2,2)', 'Ann', 1.50, '30 days', '(1,1)', 'a', 'a', '{1}', 7),
        (2, '{"a":1}', '(0,0),(1,4)', 'ann', 1.5, '1 month', '(1,2)', 'b', 'b', '{1,2}', 5)""");

    changes.run(
        "update:",
        "  table: kinds",
        "  set:",
        "    j: \"'{\\\"a\\\":1}'\"",
        "    b: \"'(0,0),(1,4)'\"",
        "    m: lower(m)",
        "    d: trim_scale(d)",
        "    i: \"'1 month'\"",
        "    p: point(1, 2)",
        "    s: \"'b'\"",
        "    c: \"'b'\"",
        "    a: ARRAY[1, 2]",
        "    t: 5");

    assertThat(
            changes.rows(
                "SELECT DISTINCT ROW(j::text, b::text, m::text, d::text, i::text, p::text, s, c, a, t)::text FROM kinds"))
        .hasSize(1);
    assertThat(changes.counts()).containsExactly("COMPLETED: 2 read, 0 filtered, 1 written");
  }

  @Test
  void knowsNamesAndKeysOfAnySort() throws Exception {
    Rows.run(
        database,
        "CREATE SCHEMA \"App\"",
        "CREATE TABLE \"App\".\"Big Table\" (\"User Id\" text, chunk int, \"New\" int, PRIMARY KEY (chunk, \"User Id\"))",
        "INSERT INTO \"App\".\"Big Table\" SELECT 'u' || i % 7, i, 0 FROM generate_series(1, 150) AS i");

    changes.run(
        "update: {table: '\"App\".\"Big Table\"', set: {New: '\"Big Table\".chunk'}, where: chunk > 20 AND \"User Id\" <> 'u0'}");

    assertThat(changes.rows("SELECT count(*) FROM \"App\".\"Big Table\" WHERE \"New\" = chunk"))
        .containsExactly("111");
    assertThat(changes.counts()).containsExactly("COMPLETED: 150 read, 39 filtered, 111 written");
  }

  @Test
  void comparesKeysAsTheirIndexDoes() throws Exception {
    Rows.run(
        database,
        "CREATE SCHEMA extensions",
        "CREATE EXTENSION ltree SCHEMA extensions",
        "CREATE TABLE places (path extensions.ltree PRIMARY KEY, n int NOT NULL DEFAULT 0)",
        "INSERT INTO places SELECT CAST(concat('a.', i) AS extensions.ltree) FROM generate_series(1, 150) AS i");

    changes.run("update: {table: places, set: {n: n + 1}}");

    assertThat(changes.rows("SELECT DISTINCT n FROM places")).containsExactly("1");
  }

  @Test
  void reachesAllPartitions() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE parts (id int, region text, n int DEFAULT 0, UNIQUE (id, region), CHECK (id IS NOT NULL AND region IS NOT NULL)) PARTITION BY LIST (region)",
        "CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a')",
        "CREATE TABLE parts_b PARTITION OF parts FOR VALUES IN ('b')",
        "ALTER TABLE parts ADD COLUMN state text NOT NULL DEFAULT 'x'",
        "INSERT INTO parts SELECT i, 'a' FROM generate_series(1, 75) AS i",
        "INSERT INTO parts SELECT i, 'b' FROM generate_series(76, 150) AS i");

    changes.run(
        "update: {table: parts, key: [id, region], set: {n: n + 1, state: \"'y'\"}, where: id > 50}");

    assertThat(
            changes.rows("SELECT n || state || count(*) FROM parts GROUP BY n, state ORDER BY 1"))
        .containsExactly("0x50", "1y100");
  }

  @Test
  void takesValuesFromAnotherTable() throws Exception {
    createOrders();

    changes.run(BACKFILL);

    assertThat(
            changes.rows(
                "SELECT format('%s %s', coalesce(region, 'none'), count(*)) FROM orders GROUP BY region ORDER BY region"))
        .containsExactly("kept 10", "r1 60", "r2 60", "r3 60", "none 60");
    assertThat(changes.counts()).containsExactly("COMPLETED: 250 read, 70 filtered, 180 written");
  }

  private static final String[] BACKFILL = {
    "update:",
    "  table: orders",
    "  set: {region: customers.region}",
    "  from: customers",
    "  where: customers.id = orders.customer_id AND orders.region IS NULL"
  };

  private void createOrders() {
    Rows.run(
        database,
        "CREATE TABLE customers (id int, region text)",
        "INSERT INTO customers SELECT i, 'r' || i FROM generate_series(1, 3) AS i",
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int, region text)",
        "INSERT INTO orders SELECT i, i % 4, CASE WHEN i > 240 THEN 'kept' END FROM generate_series(1, 250) AS i");
  }

  @Test
  void takesFromAsItIsWritten() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE several (id bigint, n int)",
        "INSERT INTO several SELECT i, -i FROM generate_series(1, 3) AS i");

    changes.run(
        "update:",
        "  table: numbers",
        "  set: {n: several.n}",
        "  from: |",
        "    several -- that were counted",
        "  where: several.id = numbers.id");

    assertThat(changes.rows("SELECT count(*) FROM numbers WHERE n = -id")).containsExactly("3");
  }

  @Test
  void stopsWhereSeveralRowsOfAnotherTableMatch() throws Exception {
    createOrders();
    Rows.run(
        database,
        "INSERT INTO customers VALUES (9, 'r9'), (9, 'r10')",
        "UPDATE orders SET customer_id = 9 WHERE id = 142");

    assertThat(changes.failing(BACKFILL))
        .isEqualTo(
            "invalid input syntax for type boolean: \"expected one row of 'from' for each row, found 2\" (SQLSTATE 22P02), at the key [142]");
    assertThat(changes.rows("SELECT max(id) FROM orders WHERE region LIKE 'r%'"))
        .containsExactly("141");
  }

  @Test
  void putsRowsAsideThatCannotBeSet() throws Exception {
    changes.run(
        "update: {table: numbers, set: {n: 10 / (id - 142)}}", "on-error: {quarantine: {rows: 1}}");

    assertThat(changes.rows("SELECT concat(key, ' ', sqlstate) FROM undercurrent.quarantine"))
        .containsExactly("[\"142\"] 22012");
    assertThat(changes.rows("SELECT count(*) FROM numbers WHERE n = 10 / NULLIF(id - 142, 0)"))
        .containsExactly("249");
  }

  @Test
  void expectsNothingOfARowThatNoLongerMatches() throws Exception {
    try (var application = OtherSession.begin(database);
        var engine =
            changes.engine(
                changes.job(
                    "update: {table: numbers, set: {n: 1}, where: n = 0}",
                    "expect: {changed-per-item: 1}"))) {
      application.run("UPDATE numbers SET n = 42 WHERE id = 7");
      application.commitOnceWaitedFor();
      changes.finish(engine.queue("change"));
    }

    assertThat(changes.rows("SELECT n || ' in ' || count(*) FROM numbers GROUP BY n ORDER BY n"))
        .containsExactly("1 in 249", "42 in 1");
  }

  /** A row that takes long has the next chunks write one each, however many keys they walk over. */
  @Test
  void findsARowAmongManyThatDoNotMatch(@TempDir Path directory) throws Exception {
    Rows.run(
        database,
        "CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5), 1 / (200 - new.id); RETURN new; END $$",
        "CREATE TRIGGER take_long BEFORE UPDATE ON numbers FOR EACH ROW EXECUTE FUNCTION take_long()");
    Files.writeString(
        directory.resolve("change.yaml"),
        """
        updates:
          - name: change
            update: {table: numbers, set: {n: 1}, where: 'id IN (1, 200)'}
            batch: {first: 1, min: 1, target: 200ms}
            on-error: {quarantine: {rows: 1}}
        """);

    try (var engine = changes.engine(JobEngine.jobs(directory).get("change"))) {
      changes.finish(engine.queue("change"));
    }

    assertThat(changes.rows("SELECT key FROM undercurrent.quarantine"))
        .containsExactly("[\"200\"]");
  }

  @Test
  void leavesARowAloneThatNoLongerMatches() throws Exception {
    try (var application = OtherSession.begin(database);
        var engine =
            changes.engine(changes.job("update: {table: numbers, set: {n: 1}, where: n = 0}"))) {
      application.run("UPDATE numbers SET n = 42 WHERE id = 7");
      application.commitOnceWaitedFor();
      changes.finish(engine.queue("change"));
    }

    assertThat(changes.rows("SELECT n || ' in ' || count(*) FROM numbers GROUP BY n ORDER BY n"))
        .containsExactly("1 in 249", "42 in 1");
  }

  @Test
  void seesWhatTheApplicationHasMadeOfARow() throws Exception {
    try (var application = OtherSession.begin(database);
        var engine = changes.engine(changes.job("update: {table: numbers, set: {n: n + 1}}"))) {
      application.run("UPDATE numbers SET n = 42 WHERE id = 7");
      application.run("DELETE FROM numbers WHERE id = 8");
      application.commitOnceWaitedFor();
      changes.finish(engine.queue("change"));
    }

    assertThat(changes.rows("SELECT n || ' in ' || count(*) FROM numbers GROUP BY n ORDER BY n"))
        .containsExactly("1 in 248", "43 in 1");
  }

  @Test
  void goesOnInAnotherProcess() throws Exception {
    changes.runInTwoProcesses("update: {table: numbers, set: {n: n + 1}}");

    assertThat(changes.rows("SELECT DISTINCT n FROM numbers")).containsExactly("1");
    assertThat(changes.counts())
        .containsExactly(
            "STOPPED: 200 read, 0 filtered, 200 written",
            "COMPLETED: 50 read, 0 filtered, 50 written");
  }
}
