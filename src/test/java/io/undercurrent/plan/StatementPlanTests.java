package io.undercurrent.plan;

import static io.undercurrent.page.Reading.jdbc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.page.Reading;
import io.undercurrent.rows.SetBasedWriter;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@PostgresTest
class StatementPlanTests {

  @BeforeEach
  void createTables(Database database) {
    Rows.run(
        database,
        "CREATE TABLE rooms (id int PRIMARY KEY, name text)",
        "CREATE TABLE archive (id int, name text)",
        "CREATE SCHEMA \"My App\"",
        "CREATE TABLE \"My App\".events (id int, day int) PARTITION BY RANGE (day)",
        "CREATE TABLE events_1 PARTITION OF \"My App\".events FOR VALUES FROM (1) TO (2)",
        "CREATE TABLE events_2 PARTITION OF \"My App\".events FOR VALUES FROM (2) TO (3)");
  }

  @Test
  void tellsWhatAStatementReadsAndChanges(Database database) {
    var plan =
        plan(
            database,
            """
            WITH gone AS (DELETE FROM rooms USING chunk WHERE rooms.id = chunk.id RETURNING rooms.*)
            INSERT INTO archive SELECT gone.* FROM gone""");

    assertThat(plan.changed()).containsExactlyInAnyOrder("rooms", "archive");
    assertThat(plan.read()).containsExactly("rooms");
  }

  @Test
  void namesATableForItsPartitions(Database database) {
    var plan =
        plan(database, "UPDATE \"My App\".events e SET id = 1 FROM chunk WHERE e.id = chunk.id");

    assertThat(plan.changed()).containsExactly("\"My App\".events");
    assertThat(plan.read()).containsExactly("\"My App\".events");
  }

  @Test
  void seesThatPartitionsAreComparedAsTheirTable(Database database) {
    var hashed = "UPDATE \"My App\".events e SET id = 1 FROM chunk WHERE e.id = chunk.id";

    assertThat(plan(database, hashed).untied()).isEmpty();
    assertThat(plan(database, hashed + " OR true").untied()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE rooms SET name = '' FROM chunk WHERE rooms.id = chunk.id",
        "DELETE FROM rooms WHERE id IN (SELECT id FROM chunk)",
        "DELETE FROM rooms WHERE EXISTS (SELECT FROM chunk c WHERE c.id = rooms.id)",
        "INSERT INTO rooms SELECT * FROM chunk ON CONFLICT (id) DO NOTHING",
        "WITH RECURSIVE more AS (SELECT id FROM chunk UNION SELECT id + 1 FROM more WHERE id < 9) SELECT 1 FROM more",
        "UPDATE rooms SET name = (SELECT max(name) FROM chunk)",
        "UPDATE rooms SET name = a.name FROM chunk a, chunk b WHERE a.id = b.id AND rooms.id = a.id",
        "SELECT count(*) FROM chunk",
        "MERGE INTO rooms USING chunk ON rooms.id = chunk.id WHEN MATCHED THEN DELETE"
      })
  void seesThatTheChunkIsUsed(String sql, Database database) {
    assertThat(plan(database, sql).usesChunk()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE rooms SET name = name || 'x'",
        "DELETE FROM rooms WHERE name = 'chunk'",
        "WITH few AS (SELECT id FROM chunk) DELETE FROM rooms",
        "INSERT INTO rooms SELECT u.id, '' FROM unnest('{1,2}'::int[]) AS u (id)"
      })
  void seesThatTheChunkIsNotUsed(String sql, Database database) {
    assertThat(plan(database, sql).usesChunk()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id FROM rooms                               | true",
        "SELECT day, id FROM \"My App\".events              | true",
        "SELECT id FROM rooms WHERE name = ''               | false",
        "SELECT id FROM rooms WHERE id > 7                  | false",
        "SELECT DISTINCT name FROM rooms                    | false",
        "SELECT rooms.id FROM rooms, archive                | false",
        "SELECT count(*) FROM rooms                         | false"
      })
  void seesThatATableIsReadAsItIs(String sql, boolean plain, Database database) {
    assertThat(StatementPlan.of(jdbc(database), BoundSql.of(sql, List.of())).plain())
        .isEqualTo(plain);
  }

  @Test
  void estimatesHowManyRowsAStatementReturns(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id bigint PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, 1000)",
        "ANALYZE numbers");

    assertThat(StatementPlan.of(jdbc(database), BoundSql.of("TABLE numbers", List.of())).rows())
        .isEqualTo(1_000);
  }

  @Test
  void needsThePrivilegesOfTheStatement(Database database) {
    Rows.run(database, "CREATE ROLE planner", "GRANT SELECT ON rooms TO planner");
    var session = new SingleConnectionDataSource(database.connect("test"), true);
    var jdbc = new JdbcTemplate(session);
    jdbc.execute("SET ROLE planner");

    assertThatThrownBy(() -> StatementPlan.of(jdbc, BoundSql.of("DELETE FROM rooms", List.of())))
        .hasRootCauseMessage("ERROR: permission denied for table rooms");
    session.destroy();
    Rows.run(database, "DROP OWNED BY planner", "DROP ROLE planner");
  }

  private static StatementPlan plan(Database database, String sql) {
    Reading.assumeKnown(database, sql);
    var columns = List.of(new Column("id", "int4"), new Column("name", "text"));
    return StatementPlan.of(jdbc(database), SetBasedWriter.onNothing(sql, columns, Map.of()));
  }
}
