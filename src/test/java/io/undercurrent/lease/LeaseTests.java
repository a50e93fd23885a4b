package io.undercurrent.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.Timeline;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.SteppedTime;
import io.undercurrent.time.TimeSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@PostgresTest
class LeaseTests {

  private static final Owner ANNA = new Owner("pid 1 on a", "anna");
  private static final Owner BERT = new Owner("pid 2 on b", "bert");
  private static final String EXPIRE =
      "UPDATE undercurrent.lease SET expires_at = clock_timestamp() - interval '1 ms'";

  /** Each process has connections of its own. */
  private Database annas;

  private Database berts;
  private final List<Lease> taken = new CopyOnWriteArrayList<>();

  @BeforeEach
  void connect(Database database) {
    annas = new Database(database.settings());
    berts = new Database(database.settings());
  }

  @AfterEach
  void disconnect() {
    taken.forEach(Lease::close);
    annas.close();
    berts.close();
  }

  @Test
  void letsOneOfTwoHaveIt(Database database) {
    assertThat(take(annas, ANNA)).isPresent();
    assertThat(take(berts, BERT)).isEmpty();
    assertThat(holder(database)).isEqualTo("1 pid 1 on a");
  }

  @Test
  void isThereForOthersOnceGivenBack(Database database) {
    var lease = take(annas, ANNA).orElseThrow();
    lease.release();

    assertThat(take(berts, BERT))
        .hasValueSatisfying(taken -> assertThat(taken.epoch()).isEqualTo(2));

    lease.release();
    assertThat(holder(database)).isEqualTo("2 pid 2 on b");
  }

  @Test
  void isTakenFromAProcessWithoutSessions(Database database) {
    take(annas, ANNA).orElseThrow().close();
    annas.close();
    Rows.awaitNone(database, SESSIONS);

    assertThat(take(berts, BERT)).isPresent();
    assertThat(holder(database)).isEqualTo("2 pid 2 on b");
  }

  @Test
  void isTakenWhenItHasExpiredAndTheSessionsOfItsHolderEnd(Database database) {
    var pid = pid(take(annas, ANNA).orElseThrow().jdbc());
    assertThat(take(berts, BERT)).isEmpty();

    Rows.run(database, EXPIRE);

    assertThat(take(berts, BERT)).isPresent();
    assertThat(Rows.of(database, "SELECT pid FROM pg_stat_activity WHERE pid = " + pid)).isEmpty();
  }

  @Test
  void isTakenAgainByItsOwnerAfterAConnectionLoss(Database database) {
    take(annas, ANNA).orElseThrow();

    assertThat(take(annas, ANNA)).isPresent();
    assertThat(holder(database)).isEqualTo("2 pid 1 on a");
  }

  @Test
  void leavesTheSessionsOfCommandsAloneWhenItIsTakenAgain(Database database) {
    take(annas, ANNA).orElseThrow();
    annas
        .transactions()
        .executeWithoutResult(
            status -> {
              var before = pid(annas.jdbc());
              var again = CompletableFuture.supplyAsync(() -> take(annas, ANNA).isPresent());

              assertThat(again.join()).isTrue();
              assertThat(pid(annas.jdbc())).isEqualTo(before);
            });
  }

  @Test
  void refusesTransactionsOfAnEarlierEpoch(Database database) {
    Rows.run(database, "CREATE TABLE written (what text)");
    var lease = take(annas, ANNA).orElseThrow();
    // Sessions that are not recorded, so that the taker cannot end them.
    try (var pool = annas.pool("test", 1, "")) {
      var work = new JdbcTemplate(pool);
      var transactions = new TransactionTemplate(new FencedTransactionManager(pool, lease.fence()));
      transactions.executeWithoutResult(status -> work.update("INSERT INTO written VALUES ('1')"));
      Rows.run(database, EXPIRE);
      take(berts, BERT).orElseThrow();

      assertThatThrownBy(
              () ->
                  transactions.executeWithoutResult(
                      status -> work.update("INSERT INTO written VALUES ('2')")))
          .hasRootCauseInstanceOf(LeaseLostException.class)
          .hasRootCauseMessage(
              "pid 1 on a does not run the updates of 'master' any more: another process or server has taken over");
    }
    assertThat(Rows.of(database, "SELECT what FROM written")).containsExactly("1");
  }

  @Test
  void isOfTheTimelineOnWhichItWasTaken(Database database) {
    var fence = take(annas, ANNA).orElseThrow().fence();
    var now = Objects.requireNonNull(fence.timeline());
    var later = new Timeline(now.system(), now.number() + 1);

    assertThat(Rows.of(database, fence.sql())).hasSize(1);
    assertThat(Rows.of(database, new Fence(ANNA, "master", fence.epoch(), later).sql())).isEmpty();
    assertThat(Rows.of(database, new Fence(ANNA, "master", fence.epoch(), null).sql())).hasSize(1);
  }

  @Test
  void saysForPeopleOnWhichServerItIs(Database database) {
    var time = new SteppedTime();
    var lease = Lease.take(annas, ANNA, false, time).orElseThrow();
    taken.add(lease);
    var server = "SELECT server || ' ' || timeline FROM undercurrent.lease";
    var log = "SELECT 1 FROM undercurrent.lease WHERE wal_lsn > '0/0'";
    Rows.run(database, "UPDATE undercurrent.lease SET wal_lsn = NULL");

    time.pass(Lease.RENEWAL);

    assertThat(lease.renew()).isTrue();
    assertThat(Rows.of(database, server)).singleElement().asString().matches("127.0.0.1:\\d+ 1");
    assertThat(Rows.of(database, log)).hasSize(1);
  }

  @Test
  void isTakenOnlyWhenATransactionOfItsHolderHasEnded(Database database) throws Exception {
    var lease = take(annas, ANNA).orElseThrow();
    // A session that is not recorded, so that the taker cannot end it.
    try (var unknown = annas.connect("test")) {
      unknown.setAutoCommit(false);
      unknown.createStatement().execute(lease.fence().sql());
      Rows.run(database, EXPIRE);
      var taking = CompletableFuture.supplyAsync(() -> take(berts, BERT));
      Rows.await(database, WAITING);

      assertThat(taking).isNotDone();
      unknown.commit();
      assertThat(taking.get(10, TimeUnit.SECONDS)).isPresent();
    }
  }

  @Test
  void endsTheTransactionsOfTheHoldersSessions(Database database) {
    Rows.run(database, "CREATE TABLE written (what text)");
    var lease = take(annas, ANNA).orElseThrow();
    try (var pool = new FencedPool(lease)) {
      var work = pool.jdbc();
      var transactions = pool.transactions();

      assertThatThrownBy(
          () ->
              transactions.executeWithoutResult(
                  status -> {
                    work.update("INSERT INTO written VALUES ('1')");
                    Rows.run(database, EXPIRE);
                    take(berts, BERT).orElseThrow();
                  }));
    }
    assertThat(Rows.of(database, "SELECT what FROM written")).isEmpty();
    assertThat(holder(database)).isEqualTo("2 pid 2 on b");
  }

  @Test
  void endsTheSessionsOutsideOfPoolsToo(Database database) throws Exception {
    var lease = take(annas, ANNA).orElseThrow();
    try (var session = lease.sessions().open("test")) {
      Rows.run(database, EXPIRE);
      take(berts, BERT).orElseThrow();

      assertThatThrownBy(() -> session.createStatement().execute("SELECT 1"))
          .hasMessageContaining("terminating connection");
    }
    assertThatThrownBy(() -> lease.sessions().open("test")).isInstanceOf(LeaseLostException.class);
    Rows.awaitNone(
        database,
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'test' AND datname = current_database()");
  }

  @Test
  void enablesUpdatesWhenAProcessStartsWithoutALiveRunner(Database database) {
    Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");

    assertThat(take(annas, ANNA, false)).isPresent();
    assertThat(enabled(database)).isEqualTo("false");
    assertThat(take(annas, ANNA, true)).isPresent();
    assertThat(enabled(database)).isEqualTo("true");
    Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");
    assertThat(take(berts, BERT, true)).isEmpty();
    assertThat(enabled(database)).isEqualTo("false");
  }

  @Test
  void recordsTheSessionsOfItsHolderAndOfNoOneBefore(Database database) {
    var before = take(annas, ANNA).orElseThrow();
    var now = take(annas, ANNA).orElseThrow();

    try (var old = new FencedPool(before);
        var pool = new FencedPool(now)) {
      old.jdbc().execute("SELECT 1");
      pool.jdbc().execute("SELECT 1");
      now.jdbc().sql("SELECT 1").query().singleRow();
    }

    // the lease's own and the runner's
    assertThat(Rows.of(database, "SELECT epoch FROM undercurrent.lease_backends"))
        .containsExactly("2", "2");
  }

  private static final String SESSIONS =
      """
      SELECT pid
        FROM pg_stat_activity
       WHERE datname = current_database()
         AND application_name = 'undercurrent lease'""";
  private static final String WAITING =
      """
      SELECT pid
        FROM pg_stat_activity
       WHERE datname = current_database()
         AND wait_event_type = 'Lock'""";

  private Optional<Lease> take(Database database, Owner owner) {
    return take(database, owner, false);
  }

  private Optional<Lease> take(Database database, Owner owner, boolean starting) {
    var lease = Lease.take(database, owner, starting, TimeSource.SYSTEM);
    lease.ifPresent(taken::add);
    return lease;
  }

  private static int pid(JdbcClient jdbc) {
    return jdbc.sql("SELECT pg_backend_pid()").query(Integer.class).single();
  }

  private static String holder(Database database) {
    return String.valueOf(
        Rows.of(database, "SELECT epoch || ' ' || owner FROM undercurrent.lease").get(0));
  }

  private static String enabled(Database database) {
    return String.valueOf(Rows.of(database, "SELECT enabled::text FROM undercurrent.lease").get(0));
  }
}
