package io.undercurrent.bean;

import static io.undercurrent.testing.Engine.inChunksOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.iteration.Beans;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite.Process;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStream;

/** A processor that works before the transaction. */
class OutsideTransactionTests extends BeanTests {

  private static final String OPEN =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'undercurrent runner' AND xact_start IS NOT NULL";

  @Test
  void worksWithNoTransactionOpen(Database database) throws Exception {
    var open = new ArrayList<@Nullable String>();
    bean.on(id -> open.addAll(Rows.of(database, OPEN)));

    run(database, inChunksOf(10, outside(ROWS, SET_N)));
    run(database, inChunksOf(10, inside(ROWS, SET_N)));

    assertThat(open.subList(0, 10)).containsOnly("0");
    assertThat(open.subList(10, 20)).containsOnly("1");
    assertThat(numbers(database)).isEqualTo(times(100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  }

  @Test
  void worksOnlyForAsLongAsTheTarget(Database database) throws Exception {
    bean.taking(Duration.ofMillis(40));

    run(database, outside(ROWS, SET_N));

    assertThat(bean.calls).isEqualTo(ids(1, 10));
    assertThat(numbers(database)).isEqualTo(times(10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    assertThat(counts(database))
        .containsExactly("COMPLETED: 10 read, 0 filtered, 10 written, 4 commits");
  }

  @ParameterizedTest
  @MethodSource("reads")
  void writesNoRowThatHasChangedMeanwhile(Read read, Database database) throws Exception {
    bean.on(id -> at("5", id, database, "UPDATE numbers SET n = 77 WHERE id IN (3, 8)"));

    run(database, inChunksOf(10, outside(read, SET_N)));

    assertThat(numbers(database)).isEqualTo(times(10, 1, 2, 77, 4, 5, 6, 7, 77, 9, 10));
    assertThat(bean.callsWith("3")).isEqualTo(2);
    assertThat(bean.callsWith("8")).isEqualTo(2);
    assertThat(bean.calls).hasSize(12);
  }

  private static Stream<Read> reads() {
    return Stream.of(
        ROWS,
        query("SELECT id, numbers.n FROM numbers"),
        query("SELECT id, n, 1 AS weight FROM numbers WHERE n < 1000"));
  }

  @Test
  void neitherWritesDeletedRowsNorSkipsNewOnes(Database database) throws Exception {
    Rows.run(database, "DELETE FROM numbers WHERE id = 4");
    bean.on(
        id -> {
          at("5", id, database, "DELETE FROM numbers WHERE id IN (1, 6)");
          at("7", id, database, "INSERT INTO numbers VALUES (4, 4)");
        });

    run(database, inChunksOf(10, outside(ROWS, SET_N)));

    assertThat(numbers(database)).isEqualTo(times(10, 2, 3, 4, 5, 7, 8, 9, 10));
    assertThat(bean.calls).hasSize(10);
  }

  @Test
  void goesOnWhereAllThatItHasProcessedIsGone(Database database) throws Exception {
    bean.on(id -> at("4", id, database, "DELETE FROM numbers WHERE id < 5"));

    run(database, inChunksOf(4, outside(ROWS, SET_N)));

    assertThat(bean.calls).isEqualTo(ids(1, 10));
    assertThat(numbers(database)).isEqualTo(times(10, 5, 6, 7, 8, 9, 10));
  }

  @Test
  void leavesOutWhatNoLongerMatches(Database database) throws Exception {
    bean.on(id -> at("10", id, database, "UPDATE numbers SET n = 11 WHERE id = 4"));
    var even = new Read.Table("numbers", List.of("id"), new Sql("n % 2 = 0", 1));

    run(database, inChunksOf(10, outside(even, COUNT_UP)));

    assertThat(bean.calls).containsExactly("2", "4", "6", "8", "10");
    assertThat(numbers(database)).isEqualTo(times(1, 1, 3, 3, 11, 5, 7, 7, 9, 9, 11));
    assertThat(counts(database))
        .containsExactly("COMPLETED: 10 read, 6 filtered, 4 written, 1 commits");
  }

  @Test
  void losesNoChangeWhereRowsCannotBeLocked(Database database) throws Exception {
    bean.on(id -> at("5", id, database, "UPDATE numbers SET n = 2000 WHERE id IN (1, 3)"));

    run(
        database,
        inChunksOf(10, outside(query("SELECT DISTINCT id FROM numbers WHERE n < 1000"), COUNT_UP)));

    assertThat(numbers(database)).isEqualTo(times(1, 2000, 3, 2000, 5, 6, 7, 8, 9, 10, 11));
  }

  @Test
  void givesUpOnARowThatChangesAllTheTime(Database database) throws Exception {
    bean.on(id -> at("3", id, database, "UPDATE numbers SET n = n + 100 WHERE id = 3"));

    var error = run(database, inChunksOf(10, outside(ROWS, SET_N)));

    assertThat(error)
        .isEqualTo(
            "expected the row to stay as it was while bean 'ship' worked on it, found it changed. Where the application changes it all the time, leave out 'outside-transaction'; it is locked then, at the key [3]");
    assertThat(bean.callsWith("3")).isEqualTo(6);
    assertThat(bean.calls).hasSize(15);
    assertThat(numbers(database)).startsWith("10", "20", "603", "4");
  }

  @Test
  void doesNotSendAgainWhatCameBeforeAFailingRow(Database database) throws Exception {
    bean.on(OutsideTransactionTests::failOnSeven);

    var error = run(database, inChunksOf(10, outside(ROWS, SET_N)));

    assertThat(error).isEqualTo("bean 'ship' failed: IllegalStateException: no, at the key [7]");
    assertThat(bean.callsWith("7")).isBetween(5L, 6L);
    assertThat(bean.calls).hasSize(12);
    assertThat(numbers(database)).isEqualTo(times(1, 10, 20, 30, 40, 50, 60, 7, 8, 9, 10));
  }

  @Test
  void putsTheFailingRowIntoQuarantine(Database database) throws Exception {
    bean.on(OutsideTransactionTests::failOnSeven);
    var even = new Read.Table("numbers", List.of("id"), new Sql("n IN (1, 7, 10)", 1));

    run(database, inChunksOf(10, outside(even, COUNT_UP)).with(new QuarantineLimit(1, null)));

    assertThat(bean.callsWith("7")).isBetween(5L, 6L);
    assertThat(bean.calls).hasSize(8);
    assertThat(numbers(database)).isEqualTo(times(1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 11));
    assertThat(Rows.of(database, "SELECT key FROM undercurrent.quarantine"))
        .containsExactly("[\"7\"]");
  }

  private static void failOnSeven(String id) {
    if (id.equals("7")) {
      throw new IllegalStateException("no");
    }
  }

  @Test
  void processesNothingTwiceBecauseItCannotBeWritten(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 4 OR n < 40)");

    run(database, inChunksOf(10, outside(ROWS, SET_N)).with(new QuarantineLimit(1, null)));

    assertThat(bean.calls).isEqualTo(ids(1, 10));
    assertThat(numbers(database)).isEqualTo(times(1, 10, 20, 30, 4, 50, 60, 70, 80, 90, 100));
  }

  @Test
  void processesAgainWhatMayNotHaveBeenCommitted(Database database) throws Exception {
    Rows.run(
        database,
        """
        CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_terminate_backend(pg_backend_pid());
          RETURN NULL;
        END$$""",
        """
        CREATE CONSTRAINT TRIGGER ends AFTER UPDATE ON numbers DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.id = 7) EXECUTE FUNCTION end_session()""");
    run(database, inChunksOf(5, outside(ROWS, SET_N)));
    Rows.run(database, "DROP TRIGGER ends ON numbers");
    retry(database);

    try (var engine = engine(database, inChunksOf(5, outside(ROWS, SET_N)))) {
      engine.work();
    }

    // At least once: the second chunk went out twice.
    assertThat(bean.calls).startsWith("1", "2", "3", "4", "5").endsWith("6", "7", "8", "9", "10");
    assertThat(bean.calls).hasSizeGreaterThanOrEqualTo(15);
    assertThat(bean.callsWith("5")).isEqualTo(1);
    assertThat(numbers(database)).isEqualTo(times(10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  }

  @Test
  void writesWhatIsProcessedBeforeItStops(Database database) throws Exception {
    try (var engine = engine(database, inChunksOf(10, outside(ROWS, SET_N)))) {
      bean.on(
          id -> {
            if (id.equals("3")) {
              engine.stop();
            }
          });
      engine.queue("numbers").step();
    }

    assertThat(bean.calls).isEqualTo(ids(1, 3));
    assertThat(numbers(database)).isEqualTo(times(1, 10, 20, 30, 4, 5, 6, 7, 8, 9, 10));
  }

  @Test
  void keepsTheStateOfABeanInTheTransaction(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 4 OR n < 40)");

    try (var engine = engine(database, new Counting(), inChunksOf(5, outside(ROWS, SET_N)))) {
      engine.queue("numbers").steps();
    }
    assertThat(processed(database)).containsExactly("3");

    Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT poison");
    retry(database);
    try (var engine = engine(database, new Counting(), inChunksOf(5, outside(ROWS, SET_N)))) {
      engine.work();
    }

    assertThat(processed(database)).containsExactly("3", "10");
  }

  private static List<@Nullable String> processed(Database database) {
    return Rows.of(
        database,
        "SELECT short_context::json -> 'processed' ->> 1 FROM undercurrent.batch_step_execution_context ORDER BY step_execution_id");
  }

  /** Counts the rows that it has processed in the context of the execution. */
  private static final class Counting implements Beans, ItemProcessor<Row, Row>, ItemStream {

    private long processed;

    @Override
    public void open(ExecutionContext context) {
      processed = context.getLong("processed", 0);
    }

    @Override
    public void update(ExecutionContext context) {
      context.putLong("processed", processed);
    }

    @Override
    public Row process(Row row) {
      processed++;
      return row.with("n", row.get("n") + "0");
    }

    @Override
    public <T> T get(String name, Class<T> type) {
      return type.cast(this);
    }
  }

  @Test
  void interruptsABeanThatTakesTooLong(Database database) throws Exception {
    bean.on(
        id -> {
          if (id.equals("3")) {
            new CountDownLatch(1).await();
          }
        });

    var error = run(database, inChunksOf(10, outside(ROWS, SET_N, Duration.ofMillis(100))));

    assertThat(error).isEqualTo("bean 'ship' took longer than 100 ms, at the key [3]");
    assertThat(bean.callsWith("3")).isEqualTo(6);
    assertThat(bean.calls).hasSize(8);
  }

  private static void at(String expected, String id, Database database, String sql) {
    if (id.equals(expected)) {
      Rows.run(database, sql);
    }
  }

  @Test
  void hasATimeoutOfFiveSecondsByDefault() {
    assertThat(Process.TIMEOUT).hasSeconds(5);
  }
}
