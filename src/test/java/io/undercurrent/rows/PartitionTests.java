package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.kind.Work;
import io.undercurrent.page.Read;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that another session moves to another partition meanwhile are not passed over. */
@PostgresTest
class PartitionTests {

  private static final String COUNT_UP =
      "UPDATE parted SET n = parted.n + 1 FROM chunk WHERE parted.id = chunk.id";

  @BeforeEach
  void createParted(Database database) {
    Rows.run(
        database,
        "CREATE TABLE parted (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_first PARTITION OF parted FOR VALUES FROM (0) TO (50)",
        "CREATE TABLE parted_rest PARTITION OF parted DEFAULT",
        "INSERT INTO parted SELECT generate_series(1, 1000)");
    createTable(database, "numbers", 1000);
  }

  private static Stream<Read> reads() {
    return Stream.of(
        new Read.Table("parted", List.of("id"), null),
        new Read.Table("parted", List.of("id"), new Sql("n = 0", 1)),
        query("SELECT id FROM parted WHERE n = 0"),
        query("SELECT DISTINCT id FROM parted"),
        new Read.Table("numbers", List.of("id"), null));
  }

  @ParameterizedTest
  @MethodSource("reads")
  void followsRowsIntoAPartitionThatIsAttached(Read read, Database database) throws Exception {
    move(
        database,
        new ReadWrite(read, null, statements(COUNT_UP)),
        "CREATE TABLE parted_mid (LIKE parted INCLUDING ALL)",
        "INSERT INTO parted_mid SELECT * FROM parted WHERE id BETWEEN 51 AND 800",
        "DELETE FROM parted_rest WHERE id BETWEEN 51 AND 800",
        "ALTER TABLE parted ATTACH PARTITION parted_mid FOR VALUES FROM (51) TO (801)");

    assertThat(values(database, "parted")).containsExactly("1 in 1000 rows");
  }

  @Test
  void followsRowsIntoAnotherInheritanceChild(Database database) throws Exception {
    createTable(database, "parent", 50);
    Rows.run(
        database,
        "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent)",
        "INSERT INTO child SELECT generate_series(51, 1000)");

    move(
        database,
        new ReadWrite(
            query("SELECT id FROM parent"),
            null,
            statements("UPDATE parent SET n = parent.n + 1 FROM chunk WHERE parent.id = chunk.id")),
        "CREATE TABLE other_child (PRIMARY KEY (id)) INHERITS (parent)",
        "INSERT INTO other_child SELECT * FROM child",
        "TRUNCATE child");

    assertThat(values(database, "parent")).containsExactly("1 in 1000 rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"INSERT INTO copied SELECT id FROM parted", "CREATE TABLE copy AS TABLE parted"})
  void readsAllRowsInAOneShot(String sql, Database database) throws Exception {
    Rows.run(database, "CREATE TABLE copied (id bigint)");
    var copy = sql.contains("copied") ? "copied" : "copy";

    move(
        database,
        new RunStatements(List.of(new Sql(sql, 1))),
        "CREATE TABLE parted_mid (LIKE parted INCLUDING ALL)",
        "INSERT INTO parted_mid SELECT * FROM parted WHERE id BETWEEN 51 AND 800",
        "DELETE FROM parted_rest WHERE id BETWEEN 51 AND 800",
        "ALTER TABLE parted ATTACH PARTITION parted_mid FOR VALUES FROM (51) TO (801)");

    assertThat(Rows.of(database, "SELECT count(DISTINCT id) FROM " + copy)).containsExactly("1000");
  }

  /** Another session moves rows while an iteration waits for it. */
  private static void move(Database database, Work work, String... statements) throws Exception {
    var script = new ScriptedController().target(Duration.ofNanos(1));
    try (var mover = OtherSession.begin(database);
        var engine = new Engine(database, script.controller(), job(update("parted", work)))) {
      script.atIteration(
          1,
          () -> {
            for (var sql : statements) {
              mover.run(sql);
            }
            mover.commitOnceWaitedFor();
          });
      engine.queue("parted").work();
    }
  }

  private static Read query(String sql) {
    return new Read.Query(new Sql(sql, 1), List.of("id"));
  }

  private static List<@Nullable String> values(Database database, String table) {
    return Rows.of(
        database,
        "SELECT n || ' in ' || count(*) || ' rows' FROM %s GROUP BY n ORDER BY n".formatted(table));
  }
}
