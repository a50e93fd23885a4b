package io.undercurrent.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.undercurrent.command.CheckFailedException;
import io.undercurrent.command.Shop;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of real life with a mistake: each is refused before it starts, with what to do. */
@PostgresTest
class BadJobsTests {

  /** What is read, how it is written, and what is wrong with it. */
  private static final String WRONG =
      """
      {table: customers, key: id} | "UPDATE customers SET updated_at = now()" | found one that changes rows of customers whatever the chunk holds
      {table: customers, key: id} | ["DELETE FROM search USING chunk WHERE search.id = chunk.id", "DELETE FROM counts"] | found one that changes rows of counts whatever the chunk holds
      {table: customers, key: id} | "UPDATE customers SET city = a.city FROM addresses a, chunk WHERE a.customer = chunk.id" | Compare columns of customers with columns of 'chunk'
      {table: orders, key: [tenant, id]} | "UPDATE orders SET total = 0 FROM chunk WHERE orders.tenant = 'tenant 1'" | found one that changes rows of orders whatever the chunk holds
      {table: orders, key: [tenant, id]} | "UPDATE orders o SET tenant = 'x' FROM chunk c WHERE o.id = c.id" | found SET of 'tenant' in orders: rows whose key changes would be read again, or skipped. Read by another unique key
      {table: subscribers, key: address} | "INSERT INTO subscribers AS s SELECT address, true FROM chunk ON CONFLICT (address) DO UPDATE SET (opted_in, address) = (true, lower(s.address::text)::citext)" | found SET of 'address' in subscribers
      {table: daily, key: [day, sensor]} | "UPDATE daily_2026 d SET sensor = 1 FROM chunk c WHERE d.day = c.day" | found SET of 'sensor' in daily
      {sql: "SELECT expires AS at, id FROM sessions", key: [at, id]} | "UPDATE sessions s SET expires = now() FROM chunk WHERE s.id = chunk.id" | found SET of 'expires' in sessions
      {table: lines, key: [tenant, order_id, line]} | "UPDATE lines l SET taxed = 1 FROM chunk c WHERE l.order_id = c.order_id" | column "taxed" can only be updated to DEFAULT
      {table: contacts, key: id} | "INSERT INTO undercurrent_archive SELECT id FROM chunk" | relation "undercurrent_archive" does not exist (SQLSTATE 42P01)
      {table: contacts, key: id} | "INSERT INTO big_ids (customer) SELECT id FROM chunk ON CONFLICT (customer) DO NOTHING" | there is no unique or exclusion constraint matching the ON CONFLICT specification
      {table: contacts, key: id} | "TRUNCATE search" | expected SELECT, INSERT, UPDATE, DELETE or MERGE, found 'TRUNCATE'
      {table: contacts, key: id} | {bean: indexer} | expected a bean 'indexer' of type ItemWriter, found none
      {table: contacts, key: address} | "SELECT FROM chunk" | found no unique index over these columns
      {table: sessions_of_july, key: id} | "SELECT FROM chunk" | found sessions_of_july, which is a view
      {table: customers, key: external} | "SELECT FROM chunk" | expected no NULL in the key (external) of table customers, found some
      {table: customers, key: id, where: nmae IS NULL} | "SELECT FROM chunk" | column "nmae" does not exist
      {table: customers, key: id, where: name IS NULL} | "SELECT FROM chunk" | column "name" does not exist
      {table: contacts, key: id, where: random() < 0.5} | "SELECT FROM chunk" | found the volatile random()
      {sql: "SELECT id FROM contacts WHERE id > random() * 9", key: id} | "SELECT FROM chunk" | Chunks would choose at random; use what stays the same
      {sql: "SELECT external FROM customers", key: external} | "SELECT FROM chunk" | expected no NULL in the key of 'read.sql', found some in [external]
      {table: visits, key: id} | "SELECT FROM chunk" | expected a table without inheritance children
      {sql: "SELECT id, 'much' AS weight FROM contacts", key: id} | "SELECT FROM chunk" | expected a number in the column 'weight', found text
      {sql: "SELECT id, count(*) AS n FROM contacts GROUP BY id", key: id} | "SELECT FROM chunk" | expected a query whose rows can be locked
      """;

  private static final String WRONG_ONCE =
      """
      create-index: {table: daily, name: i, columns: [sensor], unique: true} | add the columns by which daily is partitioned to 'columns'
      create-index: {table: sessions, name: i, columns: [custmer]} | "custmer" does not exist
      run: VACUUM customers | expected no 'VACUUM': the statements of 'run:' run in one transaction
      run: SET search_path = app | expected SET LOCAL, found 'SET SEARCH_PATH'
      run: CREATE INDEX CONCURRENTLY i ON sessions (customer) | Build an index with 'create-index:', which does it concurrently
      """;

  private static final String WRONG_FILES =
      """
      [{name: a, run: SELECT 1}, {name: a, run: SELECT 2}] | 'a'
      [{name: a, run: SELECT 1, depends-on: b}, {name: b, run: SELECT 1}] | dependency cycle: 'a' -> 'b' -> 'a'
      [{name: a, run: SELECT 1, write: SELECT 1}] | 'run'
      [{name: a, read: {table: contacts, key: id}}] | 'write'
      """;

  private Shop shop;
  private Path directory;

  @BeforeEach
  void open(TestDatabases databases, @TempDir Path directory) {
    this.directory = directory;
    shop = Shop.open(databases, directory);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private static List<String[]> cases(String table) {
    return table.lines().map(line -> line.split(" \\| ")).toList();
  }

  @Test
  void areRefusedAllAtOnce() {
    Rows.run(
        shop.database,
        "CREATE VIEW sessions_of_july AS SELECT * FROM sessions WHERE expires >= '2026-07-01'",
        "UPDATE customers SET external = NULL WHERE id = 7",
        "CREATE TABLE visits (id int PRIMARY KEY)",
        "CREATE TABLE visits_of_2025 () INHERITS (visits)");
    var yaml = new StringBuilder("updates:\n");
    for (var wrong : cases(WRONG)) {
      yaml.append("  - name: wrong_").append(yaml.length());
      yaml.append("\n    read: ").append(wrong[0]);
      yaml.append("\n    write: ").append(wrong[1]).append('\n');
    }

    var report = shop.check(yaml.toString());

    assertThat(report.problems())
        .zipSatisfy(
            cases(WRONG), (problem, wrong) -> assertThat(problem).contains(wrong[2].strip()));
    assertThat(report.notes()).isEmpty();
    assertThatThrownBy(() -> shop.start())
        .isInstanceOf(CheckFailedException.class)
        .hasMessageEndingWith(String.join("\n", report.problems()));
  }

  @Test
  void areRefusedWhereTheyRunOnce() {
    var yaml = new StringBuilder("updates:\n");
    for (var wrong : cases(WRONG_ONCE)) {
      yaml.append("  - name: wrong_").append(yaml.length());
      yaml.append("\n    ").append(wrong[0]).append('\n');
    }

    assertThat(shop.check(yaml.toString()).problems())
        .zipSatisfy(
            cases(WRONG_ONCE), (problem, wrong) -> assertThat(problem).contains(wrong[1].strip()));
  }

  @Test
  void areRefusedForWhatIsWrongWithTheFile() {
    for (var wrong : cases(WRONG_FILES)) {
      assertThat(shop.check("updates: " + wrong[0] + "\n").problems())
          .singleElement()
          .asString()
          .contains(wrong[1].strip());
    }
  }

  @Test
  void areRefusedForAMerge() {
    var version = Integer.parseInt(shop.rows("SHOW server_version_num").get(0));
    assumeThat(version).as("MERGE needs PostgreSQL 15").isGreaterThanOrEqualTo(150000);

    assertThat(
            shop.check(
                    """
                    updates:
                      - name: wrong
                        read: {table: sessions, key: id}
                        write: |
                          MERGE INTO sessions s USING chunk c ON s.id = c.id
                          WHEN MATCHED THEN UPDATE SET customer = 1, id = -c.id
                    """)
                .problems())
        .singleElement()
        .asString()
        .contains("found SET of 'id' in sessions");
  }

  @Test
  void areRefusedWhereRowLevelSecurityHidesRows(TestDatabases databases) {
    var owners = databases.as("shop_owner", shop.database);
    Rows.run(
        shop.database,
        "ALTER TABLE sessions OWNER TO shop_owner",
        "ALTER TABLE sessions ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE sessions FORCE ROW LEVEL SECURITY");
    shop.check(
        """
        updates:
          - name: wrong
            read: {table: sessions, key: id}
            write: DELETE FROM sessions USING chunk WHERE sessions.id = chunk.id
        """);

    try (var asOwner = new Shop(owners, directory)) {
      assertThat(asOwner.check().problems())
          .singleElement()
          .asString()
          .contains("row-level security policy for table \"sessions\"", "BYPASSRLS");
    }
  }

  @Test
  void areRefusedForAMissingPrivilege(TestDatabases databases) {
    Rows.run(shop.database, "GRANT SELECT ON customers TO PUBLIC");
    shop.check(
        """
        updates:
          - name: wrong
            read: {table: customers, key: id}
            write: UPDATE customers SET city = '' FROM chunk WHERE customers.id = chunk.id
        """);

    try (var asReader = new Shop(databases.as("shop_reader", shop.database), directory)) {
      assertThat(asReader.check().problems())
          .singleElement()
          .asString()
          .contains("permission denied for table customers (SQLSTATE 42501)");
    }
  }

  @Test
  void areStartedWithAWarningWhereEachDeletionScansATable() {
    Rows.run(
        shop.database, "CREATE TABLE seats (session int REFERENCES sessions ON DELETE CASCADE)");

    var report =
        shop.check(
            """
            updates:
              - name: purge
                read: {table: sessions, key: id}
                write: DELETE FROM sessions USING chunk WHERE sessions.id = chunk.id
            """);

    assertThat(report.problems()).isEmpty();
    assertThat(report.warnings())
        .singleElement()
        .asString()
        .contains("scans all of seats", "Build one first, with 'create-index:'");
    assertThat(shop.start().warnings()).isEqualTo(report.warnings());
  }
}
