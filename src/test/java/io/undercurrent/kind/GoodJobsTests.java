package io.undercurrent.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.undercurrent.command.Shop;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of real life that are as they should be: each is started, and leaves the right rows. */
@PostgresTest
class GoodJobsTests {

  private Shop shop;

  @BeforeEach
  void open(TestDatabases databases, @TempDir Path directory) {
    shop = Shop.open(databases, directory);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private void assertRow(String sql, String expected) {
    assertThat(shop.rows(sql)).containsExactly(expected);
  }

  @Test
  void backfillsByJoin() throws Exception {
    shop.run(
        """
        updates:
          - name: cities
            read: {table: customers, key: id, where: city IS NULL}
            write: |
              UPDATE customers c
                 SET city = a.city
                FROM chunk
                JOIN addresses a ON a.customer = chunk.id
               WHERE c.id = chunk.id
        """);

    assertRow(
        """
        SELECT concat_ws(' ', count(c.city), count(*) FILTER (WHERE c.city IS DISTINCT FROM a.city))
          FROM customers c LEFT JOIN addresses a ON a.customer = c.id""",
        "200 0");
  }

  @Test
  void computesAColumnOfACompositeKey() throws Exception {
    shop.run(
        """
        updates:
          - name: amounts
            read: {table: lines, key: [tenant, order_id, line], where: amount IS NULL}
            write: |
              UPDATE lines
                 SET amount = price * quantity
                FROM chunk
               WHERE (lines.tenant, lines.order_id, lines.line) = (chunk.tenant, chunk.order_id, chunk.line)
        """);

    assertRow("SELECT count(*) FROM lines WHERE amount = price * quantity", "1000");
  }

  @Test
  void shardsByATextAndAUuid() throws Exception {
    shop.run(
        """
        updates:
          - name: shards
            read: {table: orders, key: [tenant, id]}
            write: |
              UPDATE orders o
                 SET shard = abs(hashtext(o.id::text)) % 16
               WHERE (tenant, id) IN (SELECT tenant, id FROM chunk)
        """);

    assertRow("SELECT count(shard) FROM orders", "500");
  }

  @Test
  void recomputesFromALateralSubquery() throws Exception {
    shop.run(
        """
        updates:
          - name: totals
            read: {table: orders, key: [tenant, id]}
            write: |
              UPDATE orders
                 SET total = sums.total
                FROM chunk
               CROSS JOIN LATERAL (
                SELECT sum(price * quantity) AS total
                  FROM lines
                 WHERE lines.tenant = chunk.tenant AND lines.order_id = chunk.id
                OFFSET 0) AS sums
               WHERE orders.tenant = chunk.tenant AND orders.id = chunk.id
        """);

    assertRow(
        "SELECT concat(count(*), ' ', sum(total)) FROM orders WHERE total = 7.5", "500 3750.00");
  }

  @Test
  void keepsTheFirstOfDuplicatesByWindow() throws Exception {
    shop.run(
        """
        updates:
          - name: duplicates
            read:
              sql: |
                SELECT id
                  FROM (SELECT id, row_number() OVER (PARTITION BY address ORDER BY id) AS n FROM contacts) AS numbered
                 WHERE n > 1
              key: id
            write: DELETE FROM contacts USING chunk WHERE contacts.id = chunk.id
        """);

    assertRow(
        "SELECT concat(count(*), ' ', count(DISTINCT address), ' ', max(id)) FROM contacts",
        "100 100 100");
  }

  @Test
  void archivesWhatItDeletes() throws Exception {
    shop.run(
        """
        updates:
          - name: archive
            read: {sql: "SELECT id FROM sessions WHERE expires < '2026-07-01'", key: id}
            write: |
              WITH gone AS (
                DELETE FROM sessions
                 USING chunk
                 WHERE sessions.id = chunk.id
                RETURNING sessions.*)
              INSERT INTO sessions_archive
              SELECT * FROM gone
        """);

    assertRow(
        "SELECT (SELECT count(*) FROM sessions) || ' ' || count(*) || ' ' || max(expires) FROM sessions_archive",
        "120 180 2026-06-30 00:00:00+00");
  }

  @Test
  void upsertsIntoAPartitionedTable() throws Exception {
    shop.run(
        """
        updates:
          - name: daily
            read: {sql: "SELECT at AS measured_at, sensor FROM readings", key: [measured_at, sensor]}
            write: |
              INSERT INTO daily AS known (day, sensor, readings, total)
              SELECT (r.at AT TIME ZONE 'UTC')::date, r.sensor, count(*), sum(r.value)
                FROM chunk
                JOIN readings r ON r.at = chunk.measured_at AND r.sensor = chunk.sensor
               GROUP BY 1, 2
              ON CONFLICT (day, sensor) DO UPDATE
                 SET readings = known.readings + excluded.readings,
                     total = known.total + excluded.total
        """);

    assertRow(
        "SELECT concat(count(*), ' ', sum(readings), ' ', sum(total)) FROM daily", "34 400 79800");
  }

  @Test
  void rewritesJsonWhereItIsAnObject() throws Exception {
    shop.run(
        """
        updates:
          - name: themes
            read: {table: customers, key: id}
            write: |
              UPDATE customers
                 SET settings = jsonb_set(settings, '{theme}', settings -> 'theme' -> 'name')
                FROM chunk
               WHERE customers.id = chunk.id
                 AND jsonb_typeof(settings -> 'theme') = 'object'
                 AND settings ? 'beta'
        """);

    assertRow("SELECT count(*) FROM customers WHERE settings ->> 'theme' = 'dark'", "125");
  }

  @Test
  void deletesByAgeInTheOrderOfTimeAndId() throws Exception {
    shop.run(
        """
        updates:
          - name: purge
            read:
              sql: SELECT placed_at, tenant, id FROM orders WHERE placed_at < '2026-01-10' AND tenant = 'tenant 1'
              key: [placed_at, tenant, id]
            write: DELETE FROM orders USING chunk WHERE orders.tenant = chunk.tenant AND orders.id = chunk.id
        """);

    assertRow("SELECT concat(count(*), ' ', (SELECT count(*) FROM lines)) FROM orders", "392 784");
  }

  @Test
  void countsByDomain() throws Exception {
    shop.run(
        """
        updates:
          - name: count_domains
            read: {table: customers, key: id}
            write: |
              INSERT INTO counts AS known (domain, customers)
              SELECT split_part(email, '@', 2), count(*)
                FROM customers
               WHERE id IN (SELECT id FROM chunk)
               GROUP BY 1
              ON CONFLICT (domain) DO UPDATE
                 SET customers = known.customers + excluded.customers
        """);

    assertThat(shop.rows("SELECT domain || ' ' || customers FROM counts ORDER BY 1"))
        .containsExactly("a.example 83", "b.example 84", "c.example 83");
  }

  @Test
  void writesWithTwoStatements() throws Exception {
    shop.run(
        """
        updates:
          - name: domains
            read: {table: customers, key: id}
            write:
              - |
                UPDATE customers
                   SET domain = split_part(email, '@', 2)
                  FROM chunk
                 WHERE customers.id = chunk.id
              - |
                INSERT INTO counts
                SELECT DISTINCT domain, 0 FROM customers JOIN chunk USING (id)
                ON CONFLICT DO NOTHING
        """);

    assertRow(
        "SELECT concat(count(domain), ' ', (SELECT count(*) FROM counts)) FROM customers", "250 3");
  }

  @Test
  void weighsCustomersByTheirOrders() throws Exception {
    shop.run(
        """
        updates:
          - name: touch
            read:
              sql: |
                SELECT customer, count(*) AS weight
                  FROM orders
                 GROUP BY customer
              key: customer
            write: UPDATE customers SET updated_at = now() FROM chunk WHERE customers.id = chunk.customer
        """);

    assertRow("SELECT count(updated_at) FROM customers", "250");
  }

  @Test
  void walksATimeAndANumber() throws Exception {
    shop.run(
        """
        updates:
          - name: celsius
            read: {table: readings, key: [at, sensor], where: sensor = 1}
            write: |
              UPDATE readings r
                 SET value = (value - 32) / 2
                FROM chunk c
               WHERE r.at = c.at AND r.sensor = c.sensor
        """);

    assertRow(
        "SELECT count(*) FROM readings WHERE value = CASE sensor WHEN 1 THEN (extract(epoch FROM at - '2026-01-01 00:00Z') / 3600 - 32) / 2 ELSE extract(epoch FROM at - '2026-01-01 00:00Z') / 3600 END",
        "400");
  }

  @Test
  void merges() throws Exception {
    var version = Integer.parseInt(shop.rows("SHOW server_version_num").get(0));
    assumeThat(version).as("MERGE needs PostgreSQL 15").isGreaterThanOrEqualTo(150000);

    shop.run(
        """
        updates:
          - name: merge
            read: {table: sessions, key: id}
            write: |
              MERGE INTO sessions_archive a
              USING (SELECT s.* FROM sessions s JOIN chunk USING (id)) AS s
                 ON a.id = s.id
              WHEN MATCHED AND a.expires < s.expires THEN UPDATE SET expires = s.expires
              WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.customer, s.expires)
        """);

    assertRow(
        "SELECT count(*) FROM sessions_archive JOIN sessions USING (id, customer, expires)", "300");
  }

  @Test
  void walksACaseInsensitiveKey() throws Exception {
    shop.run(
        """
        updates:
          - name: opt_in
            read: {table: subscribers, key: address}
            write: UPDATE subscribers SET opted_in = true FROM chunk WHERE subscribers.address = chunk.address
        """);

    assertRow("SELECT concat(count(*), ' ', count(opted_in)) FROM subscribers", "100 100");
  }

  @Test
  void walksAKeyWhoseTypeIsNotOnThePath() throws Exception {
    Rows.run(
        shop.database, "CREATE SCHEMA extensions", "ALTER EXTENSION citext SET SCHEMA extensions");

    walksACaseInsensitiveKey();
  }

  @Test
  void copiesIntoATableWithWiderIds() throws Exception {
    shop.run(
        """
        updates:
          - name: copy
            read: {sql: "SELECT id, customer FROM sessions", key: id}
            write: INSERT INTO big_ids (id, customer) SELECT id, customer FROM chunk ORDER BY id ON CONFLICT (id) DO NOTHING
        """);

    assertRow(
        "SELECT concat(count(*), ' ', count(s.id), ' ', max(new_id)) FROM big_ids b JOIN sessions s USING (id, customer)",
        "300 300 300");
  }

  @Test
  void fillsAnUnloggedTableOfWords() throws Exception {
    shop.run(
        """
        updates:
          - name: words
            read: {table: customers, key: id}
            write: |
              INSERT INTO search (id, words)
              SELECT id, to_tsvector('simple', email) FROM customers JOIN chunk USING (id)
              ON CONFLICT (id) DO UPDATE SET words = excluded.words
               WHERE search.words IS DISTINCT FROM excluded.words
        """);

    assertRow(
        "SELECT count(*) FROM search WHERE words @@ to_tsquery('simple', 'user7@b.example')", "1");
  }

  @Test
  void changesATableOnceWithSettingsOfItsOwn() throws Exception {
    shop.run(
        """
        updates:
          - name: column
            run:
              - SET LOCAL statement_timeout = '5min'
              - ALTER TABLE sessions ADD renewed int NOT NULL DEFAULT 0
              - UPDATE sessions SET renewed = 1 WHERE expires > '2026-02-01'
        """);

    assertRow("SELECT sum(renewed) FROM sessions", "269");
  }

  @Test
  void indexesSomeRowsAndThenReadsByThem() throws Exception {
    shop.run(
        """
        updates:
          - name: sessions_customer
            create-index: {table: sessions, name: sessions_customer, columns: [customer], where: id > 100}
          - name: delete_sessions
            read: {sql: "SELECT customer, id FROM sessions WHERE id > 100", key: [customer, id]}
            write: DELETE FROM sessions WHERE id = ANY (ARRAY(SELECT id FROM chunk))
        """);

    assertRow(
        "SELECT concat(count(*), ' ', to_regclass('sessions_customer')) FROM sessions",
        "100 sessions_customer");
  }

  @Test
  void bindsValuesAndTellsListeners() throws Exception {
    shop.run(
        """
        values: {domain: "${shop.domain}"}
        updates:
          - name: beta
            read: {table: customers, key: id}
            write:
              - SELECT set_config('shop.reason', 'beta', true), pg_notify('customers', 'beta')
              - |
                UPDATE customers
                   SET settings = settings || '{"beta": false}', city = current_setting('shop.reason')
                  FROM chunk
                 WHERE customers.id = chunk.id AND email LIKE '%@' || :domain
        """);

    assertRow(
        "SELECT concat(count(*), ' ', min(city)) FROM customers WHERE settings @> '{\"beta\": false}'",
        "84 beta");
  }

  @Test
  void movesAPointerOfAnotherTableThatIsCalledLikeTheKey() throws Exception {
    shop.run(
        """
        updates:
          - name: copy
            run: INSERT INTO big_ids (id, customer) SELECT id, customer FROM sessions
          - name: pointers
            read: {table: customers, key: id}
            write: |
              UPDATE big_ids
                 SET id = -big_ids.id
                FROM chunk
               WHERE big_ids.customer = chunk.id
        """);

    assertRow("SELECT concat(count(*), ' ', max(id)) FROM big_ids", "300 -1");
  }
}
