package io.undercurrent.health;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.controller.Controller;
import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.state.Measure.Unit;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ItemProcessor;

@PostgresTest
class WaitingSessionsTests {

  private final WaitingSessions signal = new WaitingSessions(WaitingSessions.OWN);
  private final CountDownLatch locked = new CountDownLatch(1);
  private int holdsAt = 1;
  private final CountDownLatch goOn = new CountDownLatch(1);

  @Test
  void countsThoseThatWaitForTheRowsOfAChunkAndThoseBehindThem(Database database) throws Exception {
    createTable(database, "numbers", 10);
    try (var engine = runInto(database)) {
      assertThat(Looking.figure(database, signal)).isZero();

      var first = waiting(database, "UPDATE numbers SET n = 7 WHERE id = 1");
      awaitWaiting(database, 1);
      var second = waiting(database, "UPDATE numbers SET n = 8 WHERE id = 1");
      awaitWaiting(database, 2);

      var reading = Looking.value(database, signal);
      assertThat(reading.value()).isEqualTo(2);
      assertThat(reading.detail())
          .matches("the first is session \\d+ of application \\(user postgres\\)");
      goOn.countDown();
      CompletableFuture.allOf(first, second).join();
      engine.awaitEmptyQueue();
    }

    assertThat(Looking.figure(database, signal)).isZero();
  }

  @Test
  void countsThoseBehindALockThatWeOnlyAskFor(Database database) throws Exception {
    createTable(database, "numbers", 10);
    var work = new RunStatements(List.of(new Sql("ALTER TABLE numbers ADD COLUMN m int", 1)));
    var alter = new UpdateDefinition("alter", null, 0, Duration.ofMinutes(1), null, work, 1);
    try (var reader = OldSnapshot.hold(database, "SELECT count(*) FROM numbers");
        var engine = new Engine(database, controller(), job(alter))) {
      engine.queue("alter").run();
      awaitWaiting(database, 1);
      assertThat(Looking.figure(database, signal)).isZero();

      var read = waiting(database, "SELECT count(*) FROM numbers");
      Engine.await().until(() -> Looking.figure(database, signal) == 1);
      reader.close();
      read.join();
      engine.awaitEmptyQueue();
    }
  }

  @Test
  void leavesOutThoseThatWaitForOthers(Database database) throws Exception {
    createTable(database, "numbers", 10);
    createTable(database, "others", 10);
    try (var engine = runInto(database);
        var other = OtherSession.begin(database)) {
      other.run("UPDATE others SET n = 1 WHERE id = 1");
      var waits = waiting(database, "UPDATE others SET n = 2 WHERE id = 1");
      awaitWaiting(database, 1);

      assertThat(Looking.figure(database, signal)).isZero();
      other.close();
      waits.join();
      goOn.countDown();
      engine.awaitEmptyQueue();
    }
  }

  @Test
  void seesWhatARoleMayNotSeeByItsLock(TestDatabases databases) throws Exception {
    var owners = databases.createEmpty();
    createTable(owners, "numbers", 10);
    var name = Rows.of(owners, "SELECT quote_ident(current_database())").get(0);
    var runners = databases.as("plain_runner", owners);
    assertThat(Looking.at(runners, signal))
        .isEqualTo(new Reading.Nothing("no updates have run here"));
    Rows.run(
        owners,
        "GRANT CREATE ON DATABASE " + name + " TO plain_runner",
        "GRANT ALL ON numbers TO plain_runner");
    runners.prepare();
    try (var engine = runInto(runners)) {
      var waits = waiting(owners, "UPDATE numbers SET n = 7 WHERE id = 1");
      awaitWaiting(owners, 1);

      assertThat(Looking.value(runners, signal).value()).isEqualTo(1);
      assertThat(Looking.value(runners, signal).detail()).contains("user postgres");
      goOn.countDown();
      waits.join();
      engine.awaitEmptyQueue();
    }
  }

  @Test
  void halvesTheNextChunkAndHoldsWhereMoreWait(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    var limits = new Limits(1.0, null, Duration.ZERO, true, Unit.COUNT);
    var watched = new Watched(new WaitingSessions(limits));
    holdsAt = 101;
    var context =
        new RunnerContext(new ScriptedController().controller(), new Holder())
            .watching(name -> List.of(watched));
    try (var engine = new Engine(database, context, job(inChunksOf(100, holding())))) {
      engine.queue("numbers").run();
      locked.await();
      var first = waiting(database, "SELECT 1 FROM numbers WHERE id = 101 FOR UPDATE");
      watched.awaitActedOn(1);
      assertThat(Rows.of(database, "SELECT signal FROM undercurrent.holds")).isEmpty();

      var second = waiting(database, "SELECT 1 FROM numbers WHERE id = 102 FOR UPDATE");
      watched.awaitActedOn(2);
      Rows.await(database, "SELECT 1 FROM undercurrent.holds WHERE value = 2");
      assertThat(engine.status().reason())
          .contains("waiting-sessions is 2 (the first is session ")
          .contains("it holds above 1, and goes on at 0");
      goOn.countDown();
      CompletableFuture.allOf(first, second).join();
      Rows.await(database, "SELECT 1 FROM numbers WHERE id = 250 AND n = 1");
      engine.awaitEmptyQueue();
    }

    var sizes =
        Rows.of(
            database, "SELECT count(*) FROM numbers GROUP BY CAST(xmin AS text) ORDER BY min(id)");
    assertThat(sizes).startsWith("100", "100", "50").endsWith("100");
    assertThat(Rows.of(database, "SELECT sum(n) FROM numbers")).containsExactly("1000");
  }

  private Engine runInto(Database database) throws InterruptedException {
    var engine = new Engine(database, controller(), new Holder(), job(holding())).queue("numbers");
    engine.run();
    locked.await();
    return engine;
  }

  private static UpdateDefinition holding() {
    var work =
        new ReadWrite(
            new Read.Table("numbers", List.of("id"), null),
            "holder",
            statements("UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id"));
    return update("numbers", work);
  }

  private static Controller controller() {
    return new ScriptedController().controller();
  }

  private static CompletableFuture<Void> waiting(Database database, String sql) {
    return CompletableFuture.runAsync(
        () -> {
          try (var session = OtherSession.begin(database)) {
            session.run(sql);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void awaitWaiting(Database database, int sessions) {
    Rows.await(
        database,
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' HAVING count(*) = "
            + sessions);
  }

  /** The signal, looked at often. */
  private static final class Watched implements Signal {

    private final Signal signal;
    private volatile double found;
    private final AtomicInteger looks = new AtomicInteger();

    Watched(Signal signal) {
      this.signal = signal;
    }

    /** Waits until a look has found that, and another one has begun. */
    void awaitActedOn(double value) {
      Engine.await().until(() -> found == value);
      var before = looks.get();
      Engine.await().until(() -> looks.get() > before);
    }

    @Override
    public String name() {
      return signal.name();
    }

    @Override
    public Limits limits() {
      return signal.limits();
    }

    @Override
    public Duration every() {
      return Duration.ofMillis(50);
    }

    @Override
    public Double smallerAbove() {
      return signal.smallerAbove();
    }

    @Override
    public Reading look(Look look) {
      looks.incrementAndGet();
      var reading = signal.look(look);
      found = ((Reading.Value) reading).value();
      return reading;
    }
  }

  /** Its transaction has locked the rows, and waits. */
  private final class Holder implements Beans {

    @Override
    public <T> T get(String name, Class<T> type) {
      ItemProcessor<Row, Row> processor =
          row -> {
            if (String.valueOf(holdsAt).equals(row.get("id"))) {
              locked.countDown();
              goOn.await();
            }
            return row;
          };
      return type.cast(processor);
    }
  }
}
