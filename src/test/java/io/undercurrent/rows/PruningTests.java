package io.undercurrent.rows;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.table;
import static io.undercurrent.page.Reading.tableWhere;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.page.KeysetPages;
import io.undercurrent.page.Read;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Partitions without a row of the chunk are not touched. */
@PostgresTest
class PruningTests {

  private static final String COPY = "INSERT INTO copies SELECT a, b FROM chunk";

  @BeforeEach
  void createTables(Database database) {
    Rows.run(
        database,
        "CREATE TABLE parts (a int, b int, v text, PRIMARY KEY (a, b)) PARTITION BY RANGE (a)",
        "DO $$ BEGIN FOR i IN 0..19 LOOP EXECUTE format('CREATE TABLE part_%s PARTITION OF parts FOR VALUES FROM (%s) TO (%s)', i, 100 * i, 100 * i + 100); END LOOP; END $$",
        "INSERT INTO parts SELECT a, b, 'v' FROM generate_series(0, 1999) a, generate_series(1, 5) b",
        "CREATE TABLE copies (a int, b int, v text, PRIMARY KEY (a, b))",
        "VACUUM ANALYZE parts");
  }

  @ParameterizedTest
  @MethodSource
  void readsOnlyThePartitionsOfAPage(Read read, Database database) {
    var pages = guard(database, read, COPY).pages();

    for (var statement : pages.statements(List.of("550", "1"), List.of("750", "5"))) {
      assertThat(StatementPlan.of(jdbc(database), statement).read()).containsExactly("parts");
      assertThat(partitions(database, statement)).containsExactly("part_5", "part_6", "part_7");
    }
  }

  private static Stream<Read> readsOnlyThePartitionsOfAPage() {
    return Stream.of(
        table("parts", "a", "b"),
        tableWhere("v IS NULL", "parts", "a", "b"),
        query("SELECT a, b FROM parts", "a", "b"),
        query("SELECT DISTINCT a, b FROM parts", "a", "b"));
  }

  @Test
  void leavesTheConditionsOnOtherTablesAsTheyAre(Database database) {
    var pages = guard(database, table("copies", "a", "b"), COPY).pages();

    assertThat(pages.sql().page(List.of("1", "1"), 10).parameters()).containsExactly("1", "1", 10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE parts SET v = 'w' FROM chunk WHERE parts.a = chunk.a AND parts.b = chunk.b",
        "DELETE FROM parts USING chunk WHERE parts.a = chunk.a AND parts.b = chunk.b",
        "UPDATE parts SET v = 'w' WHERE (a, b) IN (SELECT a, b FROM chunk)",
        "INSERT INTO copies SELECT parts.* FROM parts JOIN chunk USING (a, b)"
      })
  void writesOnlyToThePartitionsOfAChunk(String sql, Database database) throws Exception {
    var columns = List.of(new Column("a", "int4"), new Column("b", "int4"));
    var rows =
        IntStream.range(0, 400)
            .mapToObj(i -> List.of(String.valueOf(510 + i / 5), String.valueOf(i % 5 + 1)))
            .map(key -> new Row(List.of("a", "b"), key))
            .toList();
    var connection = database.connect("test");
    connection.setAutoCommit(false);
    var session = new SingleConnectionDataSource(connection, true);
    var jdbc = new JdbcTemplate(session);

    var pruning =
        !guard(database, table("copies", "a", "b"), sql).footprint().writeTrees().isEmpty();
    new SetBasedWriter(jdbc, List.of(sql), columns, Map.of(), pruning).write(new Chunk<>(rows));

    assertThat(
            jdbc.queryForList(
                "SELECT relname FROM pg_stat_xact_user_tables WHERE relname LIKE 'part\\_%' AND seq_tup_read + idx_tup_fetch > 0",
                String.class))
        .containsExactly("part_5");
    session.destroy();
  }

  private static Guard guard(Database database, Read read, String write) {
    var statements = new Write.Statements(List.of(new Sql(write, 1)));
    var work = new ReadWrite(read, null, statements);
    var jdbc = jdbc(database);
    return Guard.of(jdbc, work, KeysetPages.of(jdbc, work.read(), Map.of()), Map.of());
  }

  private static List<String> partitions(Database database, BoundSql sql) {
    return BoundSql.of("EXPLAIN " + sql.text(), sql.parameters())
        .query(jdbc(database), (row, number) -> row.getString(1))
        .stream()
        .filter(line -> line.matches(".* on part_\\d+ .*"))
        .map(line -> line.replaceFirst(".* on (part_\\d+) .*", "$1"))
        .distinct()
        .toList();
  }
}
