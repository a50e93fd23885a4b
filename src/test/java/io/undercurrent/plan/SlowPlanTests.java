package io.undercurrent.plan;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.page.Reading.pages;
import static io.undercurrent.page.Reading.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class SlowPlanTests {

  @BeforeEach
  void createTables(Database database) {
    Rows.run(
        database,
        "CREATE TABLE members (room int, person int, place int, note text, PRIMARY KEY (room, person))",
        "INSERT INTO members SELECT g / 100, g % 100, g, repeat('x', 60) FROM generate_series(1, 20000) AS g",
        "CREATE TABLE rooms (id int PRIMARY KEY, name int)",
        "INSERT INTO rooms SELECT g, g FROM generate_series(1, 200) AS g",
        "CREATE TABLE parts (id int, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (6000)",
        "CREATE TABLE part2 PARTITION OF parts FOR VALUES FROM (6000) TO (12000)",
        "INSERT INTO parts SELECT g, g FROM generate_series(1, 11000) AS g",
        "ANALYZE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT room, person FROM members                              | room, person",
        "SELECT room, person, place FROM members                       | room, person",
        "SELECT DISTINCT room FROM members                             | room",
        "SELECT room, count(*) AS weight FROM members GROUP BY room    | room",
        "SELECT name FROM rooms                                        | name",
        "SELECT place FROM members WHERE room = 7                      | place"
      })
  void findsNothingWhereAnIndexHasTheOrderOrRowsAreFew(String sql, String key, Database database) {
    assertThat(plan(database, sql, key).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT place FROM members                                     | place",
        "SELECT DISTINCT note FROM members                             | note",
        "SELECT person, room FROM members                              | person, room",
        "SELECT place, name FROM members JOIN rooms ON id = room       | place, name",
        "SELECT id, (SELECT count(note) FROM members) AS weight FROM rooms | id"
      })
  void findsWhatReadsALargeTableForEachPage(String sql, String key, Database database) {
    assertThat(plan(database, sql, key).words())
        .matches(".*reads all of (rooms, )?members(, rooms)?, about 20,\\d00 rows");
    assertThat(plan(database, sql, key).tables()).contains("members");
  }

  @Test
  void findsASortOfMuchThatAnIndexHasFound(Database database) {
    var jdbc = jdbc(database);
    jdbc.execute("SET enable_seqscan = off");
    jdbc.execute("SET enable_bitmapscan = off");

    var plan =
        SlowPlan.of(
            jdbc, BoundSql.of("SELECT FROM members WHERE room > 1 ORDER BY note", List.of()));

    assertThat(plan.words()).matches("sorts about (19|20),\\d{3} rows");
  }

  @Test
  void addsUpPartitions(Database database) {
    assertThat(plan(database, "SELECT n FROM parts", "n").words())
        .endsWith("reads all of parts, about 11,000 rows");
  }

  @Test
  void estimatesWhatWasNeverAnalysed(Database database) {
    Rows.run(
        database,
        "CREATE TABLE fresh (id int, note text)",
        "ALTER TABLE fresh SET (autovacuum_enabled = false)",
        "INSERT INTO fresh SELECT g, repeat('x', 100) FROM generate_series(1, 20000) AS g");

    assertThat(plan(database, "SELECT id FROM fresh", "id").words())
        .matches(".*reads all of fresh, about \\d\\d,\\d{3} rows");
  }

  private static SlowPlan plan(Database database, String sql, String key) {
    var pages = pages(database, query(sql, key.split(", ")));
    return SlowPlan.of(jdbc(database), pages.sql().page(null, 1));
  }
}
