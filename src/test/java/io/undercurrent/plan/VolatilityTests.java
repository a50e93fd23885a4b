package io.undercurrent.plan;

import static io.undercurrent.page.Reading.pages;
import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.tableWhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class VolatilityTests {

  private static final String SOME =
      "a volatile function, perhaps that of an operator, a cast or a view";

  @BeforeEach
  void createTable(Database database) {
    Rows.run(
        database,
        "CREATE TABLE rooms (id int PRIMARY KEY, name text, created timestamptz)",
        "CREATE SEQUENCE numbers",
        "CREATE FUNCTION coin(text) RETURNS bool LANGUAGE sql AS $$ SELECT $1 = 'heads' $$",
        "CREATE FUNCTION fixed(text) RETURNS bool STABLE LANGUAGE sql AS $$ SELECT $1 = 'heads' $$",
        "CREATE FUNCTION fixed(int) RETURNS bool VOLATILE LANGUAGE sql AS $$ SELECT $1 = 1 $$",
        "CREATE FUNCTION near(int, int) RETURNS bool LANGUAGE sql AS $$ SELECT $1 = $2 + 1 $$",
        "CREATE OPERATOR ~~~ (FUNCTION = near, LEFTARG = int, RIGHTARG = int)",
        "CREATE TYPE side AS ENUM ('heads')",
        "CREATE FUNCTION side(int) RETURNS side LANGUAGE sql AS $$ SELECT side 'heads' $$",
        "CREATE CAST (int AS side) WITH FUNCTION side(int)",
        "CREATE VIEW drawn AS SELECT id FROM rooms WHERE random() < 0.5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "random() < 0.5                             | the volatile random()",
        "pg_catalog.random () < 0.5                 | the volatile random()",
        "nextval('numbers') % 2 = 0                 | the volatile nextval()",
        "created < CLOCK_TIMESTAMP()                | the volatile clock_timestamp()",
        "name = gen_random_uuid()::text             | the volatile gen_random_uuid()",
        "coin(name)                                 | the volatile coin()",
        "\"coin\"(name)                             | the volatile coin()",
        "id IN (SELECT 2 WHERE coin('x') OR fixed(1))| the volatile coin()",
        "fixed(id)                                  | " + SOME,
        "id ~~~ 1                                   | " + SOME,
        "CAST(id AS side) IS NOT NULL               | " + SOME
      })
  void refusesWhatChoosesRowsAnewForEachChunk(String where, String found, Database database) {
    assertThatThrownBy(() -> pages(database, tableWhere(where, "rooms", "id")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected 'where' to choose the same rows each time, since each chunk asks again, found %s. Chunks would choose at random; use what stays the same, such as a hash of the key instead of random(), or :now instead of clock_timestamp(). Declare a function of your own that only reads with: ALTER FUNCTION ... STABLE",
            found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "created < now() - interval '90 days'",
        "created < CURRENT_TIMESTAMP OR name = CURRENT_USER",
        "hashtext(name) % 2 = 0 -- instead of random() < 0.5",
        "name = 'random()' OR fixed(name)",
        "id IN (SELECT id FROM rooms r WHERE r.name = rooms.name ORDER BY id LIMIT 1)",
        "to_tsvector('simple', name) @@ to_tsquery('simple', 'a')"
      })
  void takesWhatStaysTheSameWithinAStatement(String where, Database database) {
    assertThat(pages(database, tableWhere(where, "rooms", "id")).matching().text())
        .contains("WHERE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT (random() * 9)::int AS id                                | the volatile random()",
        "SELECT id FROM rooms ORDER BY random()                          | the volatile random()",
        "SELECT id FROM rooms LIMIT (random() * 9)::int                  | the volatile random()",
        "SELECT r.id FROM rooms r JOIN rooms o ON random() < 0.5         | the volatile random()",
        "SELECT id FROM rooms, pg_sleep(0)                               | the volatile pg_sleep()",
        "WITH x AS (SELECT timeofday() AS y) SELECT 1 AS id FROM x       | the volatile timeofday()",
        "SELECT id, row_number() OVER (ORDER BY random()) FROM rooms     | the volatile random()",
        "SELECT id, 1 + random()::int AS weight FROM rooms               | the volatile random()",
        "SELECT id FROM drawn                                            | " + SOME,
        "SELECT id FROM rooms TABLESAMPLE bernoulli (50)                 | TABLESAMPLE without REPEATABLE"
      })
  void refusesItAnywhereInAQuery(String sql, String found, Database database) {
    assertThatThrownBy(() -> pages(database, query(sql, "id")))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith(
            "expected 'read.sql' to choose the same rows each time, since each chunk asks again, found "
                + found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT DISTINCT id FROM rooms WHERE created < now() GROUP BY id HAVING count(*) > 0",
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY name ORDER BY id) n FROM rooms) q WHERE n > 1",
        "WITH x AS MATERIALIZED (SELECT id FROM rooms) SELECT id FROM x UNION SELECT 1",
        "SELECT id FROM rooms TABLESAMPLE system (50) REPEATABLE (1)"
      })
  void takesQueriesThatOnlyRead(String sql, Database database) {
    assertThat(pages(database, query(sql, "id")).names()).containsExactly("id");
  }

  @Test
  void doesNotCallWhatItAsksAbout(Database database) {
    var drawn = tableWhere("nextval('numbers') > 0", "rooms", "id");
    Rows.run(database, "INSERT INTO rooms VALUES (1)");

    assertThatThrownBy(() -> pages(database, drawn)).isInstanceOf(RefusedException.class);

    assertThat(Rows.of(database, "SELECT is_called FROM numbers")).containsExactly("f");
  }
}
