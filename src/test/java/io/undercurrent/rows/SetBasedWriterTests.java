package io.undercurrent.rows;

import static io.undercurrent.page.Reading.jdbc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.Column;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.batch.infrastructure.item.Chunk;

@PostgresTest
class SetBasedWriterTests {

  private static final String TABLE = "CREATE TABLE rooms (id int PRIMARY KEY, name text)";

  @Test
  void runsItsStatementsInOrderOnTheSameChunk(Database database) {
    Rows.run(database, TABLE);

    write(
        database,
        List.of(
            "INSERT INTO rooms SELECT id, name FROM chunk",
            "UPDATE rooms SET name = rooms.name || '!' FROM chunk WHERE rooms.id = chunk.id;",
            "DELETE FROM rooms USING chunk WHERE rooms.id = chunk.id AND chunk.name = 'b'"),
        row("1", "a"),
        row("2", "b"),
        row("3", "c"));

    assertThat(Rows.of(database, "SELECT id || name FROM rooms ORDER BY id"))
        .containsExactly("1a!", "3c!");
  }

  @Test
  void keepsNullsAndWhateverATextMayHold(Database database) {
    Rows.run(database, TABLE);

    write(
        database,
        List.of("INSERT INTO rooms SELECT id, name FROM chunk"),
        row("1", null),
        row("2", "NULL"),
        row("3", ""),
        row("4", "{a,\"b\\c'ä😀}\n"));

    assertThat(Rows.of(database, "SELECT name FROM rooms ORDER BY id"))
        .containsExactly(null, "NULL", "", "{a,\"b\\c'ä😀}\n");
  }

  @Test
  void passesArraysOn(Database database) {
    Rows.run(
        database,
        "CREATE TABLE tagged (id int PRIMARY KEY, tags text[], scores numeric[])",
        "INSERT INTO tagged VALUES (1, '{\"a,b\",NULL,\"\\\"\"}', '{1.50,NULL}'), (2, NULL, '{}')",
        "CREATE TABLE copied (LIKE tagged)");
    var columns = Column.of(jdbc(database), "SELECT id, tags, scores FROM tagged");
    var rows =
        jdbc(database)
            .query(
                "SELECT * FROM tagged",
                (row, number) ->
                    new Row(
                        List.of("id", "tags", "scores"),
                        Arrays.asList(row.getString(1), row.getString(2), row.getString(3))));

    writer(database, columns, "INSERT INTO copied SELECT * FROM chunk").write(new Chunk<>(rows));

    assertThat(Rows.of(database, "SELECT CAST(c AS text) FROM copied c ORDER BY id"))
        .isEqualTo(Rows.of(database, "SELECT CAST(t AS text) FROM tagged t ORDER BY id"));
  }

  @Test
  void putsTheChunkInFrontOfItsOwnExpressions(Database database) {
    Rows.run(database, TABLE);

    write(
        database,
        List.of(
            """
            -- each room up to the largest of the chunk
            WITH RECURSIVE counted AS (
              SELECT 1 AS id
              UNION ALL
              SELECT id + 1 FROM counted WHERE id < (SELECT max(id) FROM chunk)
            )
            INSERT INTO rooms SELECT id, :prefix || id FROM counted"""),
        row("3", null));

    assertThat(Rows.of(database, "SELECT name FROM rooms ORDER BY id"))
        .containsExactly("room 1", "room 2", "room 3");
  }

  @Test
  void merges(Database database) {
    var version = database.jdbc().sql("SHOW server_version_num").query(Integer.class).single();
    assumeThat(version).as("MERGE needs PostgreSQL 15").isGreaterThanOrEqualTo(150000);
    Rows.run(database, TABLE, "INSERT INTO rooms VALUES (1, 'old')");

    var changed =
        writer(
                database,
                COLUMNS,
                """
            MERGE INTO rooms USING chunk ON rooms.id = chunk.id
             WHEN MATCHED THEN UPDATE SET name = chunk.name
             WHEN NOT MATCHED THEN INSERT VALUES (chunk.id, chunk.name)""")
            .writeCounting(Chunk.of(row("1", "new"), row("2", "two")));

    assertThat(Rows.of(database, "SELECT id || name FROM rooms ORDER BY id"))
        .containsExactly("1new", "2two");
    assertThat(changed.total()).isEqualTo(2);
  }

  @Test
  void countsTheRowsThatEachStatementChanges(Database database) {
    Rows.run(database, TABLE, "CREATE TABLE gone (id int)");

    var changed =
        writer(
                database,
                COLUMNS,
                "INSERT INTO rooms SELECT id, name FROM chunk",
                "UPDATE rooms SET name = 'x' FROM chunk WHERE rooms.id = chunk.id + 1 RETURNING 1",
                "INSERT INTO rooms SELECT id, name FROM chunk ON CONFLICT DO NOTHING",
                "INSERT INTO rooms SELECT id, name FROM chunk ON CONFLICT (id) DO UPDATE SET name = ''",
                """
                WITH moved AS (
                  DELETE FROM rooms USING chunk WHERE rooms.id = chunk.id AND chunk.id < 3 RETURNING rooms.id
                )
                INSERT INTO gone SELECT id FROM moved""",
                "WITH cut AS (DELETE FROM gone RETURNING id) SELECT count(*) FROM cut")
            .writeCounting(Chunk.of(row("1", "a"), row("2", "b"), row("3", "c")));

    assertThat(changed.byStatement()).containsExactly(3L, 2L, 0L, 3L, 2L, null);
    assertThat(changed.total()).isNull();
  }

  @Test
  void countsARowThatMovesToAnotherPartitionOnce(Database database) {
    Rows.run(
        database,
        "CREATE TABLE rooms (id int PRIMARY KEY, name text) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF rooms FOR VALUES FROM (1) TO (100)",
        "CREATE TABLE high PARTITION OF rooms FOR VALUES FROM (100) TO (200)",
        "INSERT INTO rooms VALUES (1, 'a'), (2, 'b')");

    var changed =
        writer(
                database,
                COLUMNS,
                "UPDATE rooms SET id = rooms.id + 100 FROM chunk WHERE rooms.id = chunk.id")
            .writeCounting(Chunk.of(row("1", null), row("2", null)));

    assertThat(changed.total()).isEqualTo(2);
    assertThat(Rows.of(database, "SELECT count(*) FROM high")).containsExactly("2");
  }

  @Test
  void callsAFunctionForEachItem(Database database) {
    Rows.run(
        database,
        TABLE,
        """
        CREATE FUNCTION touch(room int) RETURNS void LANGUAGE sql
        AS 'INSERT INTO rooms VALUES (room, ''touched'')'""");

    write(database, List.of("SELECT touch(id) FROM chunk"), row("1", null), row("2", null));

    assertThat(Rows.of(database, "SELECT name FROM rooms")).containsExactly("touched", "touched");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TRUNCATE rooms                              | TRUNCATE",
        "-- UPDATE\\n create table x (id int)        | CREATE",
        "VALUES (1)                                  | VALUES",
        "DO $$BEGIN DELETE FROM rooms; END$$         | DO",
        "EXPLAIN ANALYZE DELETE FROM rooms           | EXPLAIN",
        "-- nothing                                  | ''"
      })
  void refusesOtherStatements(String sql, String keyword, Database database) {
    assertThatThrownBy(() -> writer(database, COLUMNS, sql.replace("\\n", "\n")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected SELECT, INSERT, UPDATE, DELETE or MERGE, found '%s'. Other statements belong in a 'run:' update",
            keyword);
  }

  private static final List<Column> COLUMNS =
      List.of(new Column("id", "int4"), new Column("name", "text"));

  private static Row row(String id, @Nullable String name) {
    return new Row(List.of("id", "name"), Arrays.asList(id, name));
  }

  private static void write(Database database, List<String> statements, Row... rows) {
    writer(database, COLUMNS, statements.toArray(String[]::new)).write(Chunk.of(rows));
  }

  private static SetBasedWriter writer(
      Database database, List<Column> columns, String... statements) {
    return new SetBasedWriter(
        jdbc(database), List.of(statements), columns, Map.of("prefix", "room "), false);
  }
}
