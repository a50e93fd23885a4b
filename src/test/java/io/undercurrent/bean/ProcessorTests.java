package io.undercurrent.bean;

import static io.undercurrent.testing.Engine.inChunksOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.page.Read;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Rows;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A processor inside the transaction. */
class ProcessorTests extends BeanTests {

  @Test
  void processesOnlyWhatFitsTheTarget(Database database) throws Exception {
    bean.taking(Duration.ofMillis(40));

    run(database, inside(ROWS, SET_N));

    assertThat(bean.calls).isEqualTo(ids(1, 10));
    assertThat(numbers(database)).isEqualTo(times(10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    assertThat(counts(database))
        .containsExactly("COMPLETED: 10 read, 0 filtered, 10 written, 4 commits");
  }

  @Test
  void processesARowThatTakesLongerThanTheTarget(Database database) throws Exception {
    bean.taking(Duration.ofMillis(150));

    run(database, inside(new Read.Table("numbers", List.of("id"), new Sql("n > 4", 1)), COUNT_UP));

    assertThat(bean.calls).isEqualTo(ids(5, 10));
    assertThat(counts(database))
        .containsExactly("COMPLETED: 10 read, 4 filtered, 6 written, 6 commits");
  }

  @Test
  void doesNotSendAgainWhatCameBeforeAFailingRow(Database database) throws Exception {
    bean.on(id -> fail(id, "7"));

    var error = run(database, inside(ROWS, SET_N));

    assertThat(error).isEqualTo("bean 'ship' failed: IllegalStateException: no 7, at the key [7]");
    assertThat(bean.calls.subList(0, 6)).isEqualTo(ids(1, 6));
    // It is found once, and then tried five times.
    assertThat(bean.calls.subList(6, 12)).containsOnly("7").hasSize(6);
    assertThat(bean.calls).hasSize(12);
    assertThat(numbers(database)).isEqualTo(times(1, 10, 20, 30, 40, 50, 60, 7, 8, 9, 10));
    assertThat(Rows.of(database, "SELECT last_error_sqlstate FROM undercurrent.runs"))
        .containsExactly((String) null);
  }

  @Test
  void goesOnWithTheFailingRowOnceItIsMended(Database database) throws Exception {
    bean.on(id -> fail(id, "7"));
    run(database, inside(ROWS, SET_N));
    bean.on(id -> {}).calls.clear();
    retry(database);

    try (var engine = engine(database, inside(ROWS, SET_N))) {
      engine.steps();
    }

    assertThat(bean.calls).isEqualTo(ids(7, 10));
    assertThat(numbers(database)).isEqualTo(times(10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  }

  @Test
  void putsTheFailingRowIntoQuarantine(Database database) throws Exception {
    bean.on(id -> fail(id, "7"));

    run(database, inside(ROWS, SET_N).with(new QuarantineLimit(1, null)));

    // five tries, and the one with the rows before it if there was time for that
    assertThat(bean.callsWith("7")).isBetween(5L, 6L);
    assertThat(bean.calls).containsSubsequence(ids(1, 10));
    assertThat(numbers(database)).isEqualTo(times(1, 10, 20, 30, 40, 50, 60, 7, 80, 90, 100));
    assertThat(
            Rows.of(
                database,
                "SELECT format('%s %s %s', key, sqlstate, message) FROM undercurrent.quarantine"))
        .containsExactly(
            "[\"7\"]  bean 'ship' failed: IllegalStateException: no 7, at the key [7]");
  }

  @Test
  void findsTheFailingRowBehindOthersThatDoNotMatch(Database database) throws Exception {
    bean.on(id -> fail(id, "8"));
    var even = new Read.Table("numbers", List.of("id"), new Sql("n IN (2, 8, 10)", 1));

    run(database, inside(even, COUNT_UP).with(new QuarantineLimit(1, null)));

    // five tries, and the one with the rows before it if there was time for that
    assertThat(bean.callsWith("8")).isBetween(5L, 6L);
    assertThat(bean.calls).startsWith("2", "8").endsWith("8", "10");
    assertThat(numbers(database)).isEqualTo(times(1, 1, 3, 3, 4, 5, 6, 7, 8, 9, 11));
    assertThat(counts(database))
        .containsExactly("COMPLETED: 10 read, 8 filtered, 2 written, 3 commits");
  }

  @Test
  void findsTheFailingRowAmongThoseWithWeights(Database database) throws Exception {
    bean.on(id -> fail(id, "7"));

    run(
        database,
        inside(query("SELECT id, n, 30 AS weight FROM numbers"), SET_N)
            .with(new QuarantineLimit(1, null)));

    // five tries, and the one with the rows before it if there was time for that
    assertThat(bean.callsWith("7")).isBetween(5L, 6L);
    assertThat(bean.calls).containsSubsequence(ids(1, 10));
    assertThat(numbers(database)).isEqualTo(times(1, 10, 20, 30, 40, 50, 60, 7, 80, 90, 100));
  }

  @Test
  void takesAnSqlErrorOfABeanForTheBeans(Database database) throws Exception {
    bean.on(
        id -> {
          throw new SQLException("the warehouse is gone", "08006");
        });

    var error = run(database, inside(KEYS, COUNT_UP));

    assertThat(error)
        .isEqualTo("bean 'ship' failed: SQLException: the warehouse is gone, at the key [1]");
    assertThat(bean.calls).hasSize(5).containsOnly("1");
  }

  @Test
  void refusesARowWithOtherColumns() {
    var other = new Row(List.of("id"), List.of("1"));
    var row = new Row(List.of("id", "n"), List.of("1", "1"));
    var processing = new Processing("ship", in -> other, BeanCaller.direct("ship"), bean);

    processing.process(List.of(row), Duration.ofSeconds(1), () -> false);

    assertThat(processing.of(List.of(row)).failure())
        .hasMessage("bean 'ship' has to return rows with the columns [id, n], returned [id]");
  }

  @Test
  void saysThatARowTakesLongerThanATransactionMayBeIdle(Database database) throws Exception {
    bean.on(id -> bean.sleep(Duration.ofSeconds(id.equals("3") ? 11 : 0)));

    var error = run(database, inside(KEYS, COUNT_UP));

    assertThat(error)
        .matches(
            "bean 'ship' took 11\\d{3} ms with the transaction open, which the server ends after 10000 ms without a statement\\. Have it work before the transaction: process: \\{bean: ship, outside-transaction: true}, at the key \\[3]");
    assertThat(bean.callsWith("3")).isEqualTo(6);
    assertThat(bean.calls).doesNotContain("4");
    assertThat(numbers(database)).isEqualTo(times(1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10));
  }

  @Test
  void processesAgainWhatCouldNotBeWritten(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 4 OR n < 40)");

    run(database, inChunksOf(10, inside(ROWS, SET_N)).with(new QuarantineLimit(1, null)));

    assertThat(bean.calls).contains("10");
    assertThat(numbers(database)).isEqualTo(times(1, 10, 20, 30, 4, 50, 60, 70, 80, 90, 100));
  }

  private static void fail(String id, String failing) {
    if (id.equals(failing)) {
      throw new IllegalStateException("no " + id);
    }
  }
}
