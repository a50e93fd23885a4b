package io.undercurrent.advice;

import static io.undercurrent.page.Reading.jdbc;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.kind.UpdateCheck.Problem;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a check warns of, and what it does not. */
@PostgresTest
class ChunkAdviceTests {

  private static final String READ = "{table: orders, key: id}";

  private Database database;
  private Path directory;

  @BeforeEach
  void createTables(Database database, @TempDir Path directory) {
    this.database = database;
    this.directory = directory;
    Rows.run(
        database,
        "CREATE TABLE orders (id int PRIMARY KEY, customer int, city text, total int, seen int)",
        "INSERT INTO orders SELECT n, n % 5000, 'x', n, 0 FROM generate_series(1, 20000) AS n",
        "CREATE INDEX orders_customer ON orders (customer)",
        "CREATE TABLE customers (id int PRIMARY KEY, city text, orders int)",
        "INSERT INTO customers SELECT n, 'x', 0 FROM generate_series(1, 5000) AS n",
        "CREATE TABLE days (day int, id int, n int, PRIMARY KEY (day, id)) PARTITION BY RANGE (day)",
        "CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM (10) TO (20)",
        "INSERT INTO days SELECT n % 20, n, n FROM generate_series(1, 14000) AS n",
        "ANALYZE orders, customers, days");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE orders SET total = 0 FROM chunk WHERE orders.id = chunk.id",
        "UPDATE orders SET total = 0 FROM chunk WHERE orders.customer = chunk.id",
        "UPDATE orders SET total = (SELECT max(id) FROM orders) FROM chunk WHERE orders.id = chunk.id",
        "UPDATE orders SET total = 0 FROM chunk, customers WHERE orders.id = chunk.id AND customers.city = 'x'",
        "INSERT INTO days SELECT 1, id, 1 FROM chunk ON CONFLICT DO NOTHING",
        "DELETE FROM days USING chunk WHERE days.day = chunk.id AND days.id = 1",
        "SELECT (SELECT o.id FROM orders o WHERE o.city = 'x' LIMIT 1) FROM chunk"
      })
  void isSilentWhereAnIndexLeadsToTheRows(String write) {
    assertThat(warnings(READ, write)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE orders SET seen = 1 FROM chunk WHERE orders.total = chunk.id | reads all of orders, about 20,000 rows",
        "SELECT count(*) FROM chunk JOIN orders ON city = chunk.id::text     | reads all of orders, about 20,000 rows",
        "UPDATE days SET n = 0 FROM chunk WHERE days.n = chunk.id            | reads all of days, about 14,000 rows",
        "INSERT INTO customers SELECT c.id, o.city, rank() OVER (ORDER BY o.total) FROM chunk c, orders o WHERE o.seen = c.id | reads all of orders, about 20,000 rows",
        "UPDATE orders SET seen = 1 FROM chunk WHERE orders.id = chunk.id AND total > (SELECT avg(total) FROM orders) | reads all of orders, about 20,000 rows"
      })
  void warnsOfAScanForEachChunk(String write, String rows) {
    assertThat(warnings(READ, write))
        .singleElement()
        .asString()
        .startsWith(
            "expected a plan that looks at the rows of a chunk only, found that this statement ")
        .endsWith(
            rows
                + ", for each chunk. Build an index on the columns that are compared with those of 'chunk', with 'create-index:'; if that is meant, say so with: allow: [slow-plan]");
    assertThat(warnings(READ, write + "\n    allow: [slow-plan]")).isEmpty();
  }

  @Test
  void warnsOfAFilterThatScansAnotherTable() {
    var filter =
        "{table: customers, key: id, where: \"NOT EXISTS (SELECT FROM orders WHERE %s = customers.id)\"}";
    var write = "UPDATE customers SET orders = 0 FROM chunk WHERE customers.id = chunk.id";

    assertThat(warnings(filter.formatted("total"), write))
        .singleElement()
        .asString()
        .contains(
            "found that reading a chunk ",
            "reads all of orders, about 20,000 rows, for each chunk");
    assertThat(warnings(filter.formatted("customer"), write)).isEmpty();
  }

  @Test
  void warnsOfAQueryThatBeginsAnewForEachPage() {
    var write = "UPDATE orders SET seen = 1 FROM chunk WHERE orders.id = chunk.id";

    assertThat(
            warnings(
                "{sql: \"SELECT id FROM (SELECT id, lag(id) OVER (ORDER BY id) AS before FROM orders) AS o WHERE before > 7\", key: id}",
                write))
        .singleElement()
        .asString()
        .contains(
            "found that reading a chunk ",
            "reads all of orders, about 20,000 rows, for each chunk");
    assertThat(warnings("{sql: SELECT DISTINCT customer AS id FROM orders, key: id}", write))
        .isEmpty();
  }

  @Test
  void saysNothingOfTablesWithoutStatistics() {
    Rows.run(
        database,
        "CREATE TABLE fresh (id int, n int) WITH (autovacuum_enabled = false)",
        "INSERT INTO fresh SELECT n, n FROM generate_series(1, 20000) AS n");

    assertThat(warnings(READ, "UPDATE fresh SET n = 1 FROM chunk WHERE fresh.id = chunk.id"))
        .isEmpty();
  }

  @Test
  void saysNothingOfATableThatAnEarlierUpdateIndexes() {
    assertThat(
            check(
                """
                updates:
                  - name: index
                    create-index: {table: public.orders, name: orders_total, columns: [total]}
                  - name: job
                    read: {table: orders, key: id}
                    write: UPDATE orders SET seen = 1 FROM chunk WHERE orders.total = chunk.id
                """))
        .isEmpty();
  }

  @Test
  void warnsOfTriggersThatFireForEachRow() {
    Rows.run(
        database,
        "CREATE SCHEMA app",
        "CREATE FUNCTION app.\"Touch\"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
        "CREATE TRIGGER touch BEFORE UPDATE OF total ON orders FOR EACH ROW EXECUTE FUNCTION app.\"Touch\"()",
        "CREATE TRIGGER once AFTER UPDATE ON orders EXECUTE FUNCTION app.\"Touch\"()",
        "CREATE TRIGGER added AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION app.\"Touch\"()",
        "CREATE TRIGGER off AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION app.\"Touch\"()",
        "ALTER TABLE orders DISABLE TRIGGER off",
        "CREATE TRIGGER gone AFTER DELETE ON days FOR EACH ROW EXECUTE FUNCTION app.\"Touch\"()",
        "CREATE TABLE lines (order_id int REFERENCES orders)",
        "CREATE INDEX ON lines (order_id)");
    var update = "UPDATE orders SET %s = 1 FROM chunk WHERE orders.id = chunk.id";
    var upsert = "INSERT INTO orders SELECT id, 1 FROM chunk ON CONFLICT (id) DO ";

    assertThat(warnings(READ, update.formatted("total")))
        .containsExactly(
            "each row changed in orders fires trigger touch, which calls app.\"Touch\"(). Leave these rows out with a WHEN clause if it need not see them; if that is meant, say so with: allow: [row-triggers]");
    assertThat(warnings(READ, update.formatted("total") + "\n    allow: [row-triggers]")).isEmpty();
    assertThat(warnings(READ, update.formatted("seen"))).isEmpty();
    assertThat(warnings(READ, upsert + "NOTHING")).singleElement().asString().contains("added");
    assertThat(warnings(READ, upsert + "UPDATE SET total = 1"))
        .singleElement()
        .asString()
        .contains("trigger added, which calls app.\"Touch\"(); trigger touch, which calls");
    assertThat(
            warnings(
                READ, "DELETE FROM days USING chunk WHERE days.day = 1 AND days.id = chunk.id"))
        .singleElement()
        .asString()
        .contains("days fires trigger gone,");
  }

  @Test
  void warnsOfCascadesWithoutAnIndex() {
    Rows.run(database, "CREATE TABLE lines (order_id int REFERENCES orders ON DELETE CASCADE)");
    var delete = "DELETE FROM orders USING chunk WHERE orders.id = chunk.id";

    assertThat(warnings(READ, delete))
        .singleElement()
        .asString()
        .contains("scans all of lines")
        .endsWith("; if that is meant, say so with: allow: [cascade]");
    assertThat(warnings(READ, delete + "\n    allow: cascade")).isEmpty();
  }

  @Test
  void warnsOfUpdatesThatCannotBeHot() {
    Rows.run(
        database,
        "CREATE INDEX orders_lower ON orders (lower(city))",
        "CREATE INDEX orders_unseen ON orders (id) INCLUDE (total) WHERE seen = 0",
        "ALTER TABLE orders ADD day int, ADD week int GENERATED ALWAYS AS (day / 7) STORED",
        "CREATE INDEX orders_week ON orders (week)");

    assertThat(warnings(READ, "UPDATE orders SET day = 7 FROM chunk WHERE orders.id = chunk.id"))
        .singleElement()
        .asString()
        .contains("because (week) is part of index orders_week");
    assertThat(
            warnings(READ, "UPDATE orders AS o SET customer = 7 FROM chunk WHERE o.id = chunk.id"))
        .containsExactly(
            "each row changed in orders is entered anew into all of its indexes, 5 in number, because (customer) is part of index orders_customer: the update cannot be HOT. If queries can do without that index meanwhile, drop it before and build it after, with 'create-index:'; if that is meant, say so with: allow: [no-hot-update]");
    for (var column : List.of("city", "seen", "total")) {
      assertThat(
              warnings(
                  READ,
                  "UPDATE orders SET " + column + " = NULL FROM chunk WHERE orders.id = chunk.id"))
          .singleElement()
          .asString()
          .contains("because (" + column + ") is part of index ");
    }
    assertThat(
            warnings(
                READ,
                "UPDATE orders SET city = NULL FROM chunk WHERE orders.id = chunk.id\n    allow: [no-hot-update]"))
        .isEmpty();
  }

  @Test
  void saysNothingOfUpdatesThatCanBeHotAndOfSmallTables() {
    var version = Integer.parseInt(Rows.of(database, "SHOW server_version_num").get(0));
    Rows.run(
        database,
        "CREATE INDEX customers_city ON customers (city)",
        "CREATE INDEX orders_seen ON orders USING brin (seen)");
    var update = "UPDATE %s SET %s = NULL FROM chunk WHERE %1$s.id = chunk.id";

    assertThat(warnings(READ, update.formatted("orders", "total"))).isEmpty();
    assertThat(warnings(READ, update.formatted("customers", "city"))).isEmpty();
    assertThat(warnings(READ, update.formatted("orders", "seen")))
        .hasSize(version < 160000 ? 1 : 0);
  }

  @Test
  void addsUpTheRowsOfPartitions() {
    Rows.run(database, "CREATE INDEX ON days (n)");

    assertThat(
            warnings(
                READ, "UPDATE days SET n = 1 FROM chunk WHERE days.day = 1 AND days.id = chunk.id"))
        .containsExactly(
            "each row changed in days is entered anew into all of its indexes, 2 in number, because (n) is part of index days_n_idx: the update cannot be HOT. If queries can do without that index meanwhile, drop it before and build it after, with 'create-index:'; if that is meant, say so with: allow: [no-hot-update]");
  }

  @Test
  void refusesToWriteGeneratedColumns() {
    Rows.run(
        database, "ALTER TABLE customers ADD doubled int GENERATED ALWAYS AS (orders * 2) STORED");

    assertThat(
            problems("UPDATE customers SET doubled = 1 FROM chunk WHERE customers.id = chunk.id"))
        .singleElement()
        .asString()
        .startsWith("column \"doubled\" can only be updated to DEFAULT");
    assertThat(problems("INSERT INTO customers (id, doubled) SELECT id, 1 FROM chunk"))
        .singleElement()
        .asString()
        .startsWith("cannot insert a non-DEFAULT value into column \"doubled\"");
  }

  private List<String> warnings(String read, String write) {
    return check(job(read, write));
  }

  private List<String> problems(String write) {
    return check(job(READ, write));
  }

  private static String job(String read, String write) {
    return "updates:\n  - name: job\n    read: %s\n    write: %s\n".formatted(read, write);
  }

  private List<String> check(String yaml) {
    try {
      Files.writeString(directory.resolve("job.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var job = JobEngine.jobs(directory).get("job");
    var check = new UpdateCheck(jdbc(database), Map.of(), Beans.NONE);
    return job.updates().stream()
        .flatMap(update -> check.check(update).stream())
        .map(Problem::message)
        .toList();
  }
}
