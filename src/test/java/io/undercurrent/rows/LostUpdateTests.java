package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.lease.Lease;
import io.undercurrent.page.Read;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** What others commit between an iteration's read and its write stays. */
@PostgresTest
class LostUpdateTests {

  private static final String SET_TO_1 =
      "UPDATE numbers SET n = 1 FROM chunk WHERE numbers.id = chunk.id";
  private static final String DISTINCT = "SELECT DISTINCT id FROM numbers WHERE n = 0";

  private static final String ENDED =
      "SELECT status FROM undercurrent.batch_step_execution WHERE end_time IS NOT NULL";

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 250);
    createTable(database, "others", 250);
  }

  @ParameterizedTest
  @MethodSource("reads")
  void leavesARowAloneThatNoLongerMatches(Read read, Database database) throws Exception {
    try (var application = OtherSession.begin(database);
        var engine = engine(database, Beans.NONE, read, SET_TO_1)) {
      application.run("UPDATE numbers SET n = 42 WHERE id = 7");
      application.commitOnceWaitedFor();
      engine.queue("numbers").work();
    }

    assertThat(values(database)).containsExactly("1 in 249 rows", "42 in 1 rows");
  }

  @ParameterizedTest
  @MethodSource("reads")
  void leavesARowAloneThatIsDeletedAndAnotherThatIsNew(Read read, Database database)
      throws Exception {
    try (var application = OtherSession.begin(database);
        var engine = engine(database, Beans.NONE, read, SET_TO_1)) {
      application.run("DELETE FROM numbers WHERE id = 7");
      application.run("INSERT INTO numbers (id, n) VALUES (7, 42)");
      application.commitOnceWaitedFor();
      engine.queue("numbers").work();
    }

    assertThat(values(database)).containsExactly("1 in 249 rows", "42 in 1 rows");
  }

  private static Stream<Read> reads() {
    return Stream.of(
        new Read.Table("numbers", List.of("id"), new Sql("n = 0", 1)),
        query("SELECT id FROM numbers WHERE n = 0"),
        query("SELECT id, n FROM numbers WHERE n = 0"),
        query(DISTINCT),
        query(
            "SELECT id FROM (SELECT id, n, row_number() OVER (PARTITION BY n, id) AS r FROM numbers) q WHERE n = 0 AND r = 1"),
        query("SELECT id FROM numbers JOIN others USING (id) WHERE numbers.n = 0"));
  }

  @Test
  void takesTheSameRowInAllStatements(Database database) throws Exception {
    createTable(database, "archive", 0);
    var all = new Read.Table("numbers", List.of("id"), null);
    try (var application = OtherSession.begin(database);
        var engine =
            engine(
                database,
                Beans.NONE,
                all,
                "INSERT INTO archive SELECT numbers.* FROM numbers JOIN chunk USING (id)",
                "DELETE FROM numbers USING chunk WHERE numbers.id = chunk.id")) {
      application.run("UPDATE numbers SET n = 42 WHERE id = 7");
      application.commitOnceWaitedFor();
      engine.queue("numbers").work();
    }

    assertThat(values(database)).isEmpty();
    assertThat(Rows.of(database, "SELECT n FROM archive WHERE id = 7")).containsExactly("42");
  }

  @Test
  void triesAgainWhereRowsCannotBeLocked(Database database) throws Exception {
    ItemProcessor<Row, Row> application =
        row -> {
          if ("7".equals(row.get("id"))) {
            Rows.run(database, "UPDATE numbers SET n = 42 WHERE id = 7 AND n = 0");
          }
          return row;
        };
    try (var engine =
        engine(database, OneBean.of(application), "bean", query(DISTINCT), SET_TO_1)) {
      engine.queue("numbers").work();
    }

    assertThat(values(database)).containsExactly("1 in 249 rows", "42 in 1 rows");
    assertThat(
            Rows.of(
                database,
                "SELECT status || ' ' || rollback_count FROM undercurrent.batch_step_execution"))
        .containsExactly("COMPLETED 1");
  }

  @Test
  void renewsTheLeaseWhileItHoldsASnapshot(Database database) throws Exception {
    ItemProcessor<Row, Row> slow =
        row -> {
          if ("7".equals(row.get("id"))) {
            var renewed = renewed(database);
            Engine.await()
                .atMost(Lease.RENEWAL.multipliedBy(4))
                .until(() -> !renewed.equals(renewed(database)));
          }
          return row;
        };
    try (var engine = engine(database, OneBean.of(slow), "bean", query(DISTINCT), SET_TO_1)) {
      engine.queue("numbers").work();
    }

    assertThat(values(database)).containsExactly("1 in 250 rows");
    assertThat(Rows.of(database, "SELECT status FROM undercurrent.batch_step_execution"))
        .containsExactly("COMPLETED");
  }

  private static List<@Nullable String> renewed(Database database) {
    return Rows.of(database, "SELECT renewed_at FROM undercurrent.lease");
  }

  @Test
  void rollsBackWhatIsCancelledWhileItHoldsASnapshot(Database database) throws Exception {
    ItemProcessor<Row, Row> cancelling =
        row -> {
          if ("7".equals(row.get("id"))) {
            new UpdateQueue(database).cancel("numbers");
          }
          return row;
        };
    try (var engine = engine(database, OneBean.of(cancelling), "bean", query(DISTINCT), SET_TO_1)) {
      engine.queue("numbers").steps();
      assertThat(Rows.of(database, ENDED)).containsExactly("STOPPED");
    }

    assertThat(values(database)).containsExactly("0 in 250 rows");
    assertThat(Rows.of(database, "SELECT outcome || ' ' || failures_in_row FROM undercurrent.runs"))
        .containsExactly("CANCELLED 0");
  }

  private static Engine engine(Database database, Beans beans, Read read, String... writes) {
    return engine(database, beans, null, read, writes);
  }

  private static Engine engine(
      Database database, Beans beans, @Nullable String process, Read read, String... writes) {
    var numbers = update("numbers", new ReadWrite(read, process, statements(writes)));
    return new Engine(
        database, new ScriptedController().controller(), beans, job(inChunksOf(100, numbers)));
  }

  private static Read query(String sql) {
    return new Read.Query(new Sql(sql, 1), List.of("id"));
  }

  private static List<@Nullable String> values(Database database) {
    return Rows.of(
        database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n ORDER BY n");
  }

  /** The same bean for every name. */
  private record OneBean(Object bean) implements Beans {

    static Beans of(Object bean) {
      return new OneBean(bean);
    }

    @Override
    public <T> T get(String name, Class<T> type) {
      return type.cast(bean);
    }
  }
}
