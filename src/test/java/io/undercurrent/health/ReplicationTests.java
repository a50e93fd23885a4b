package io.undercurrent.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.PrimaryAndStandby;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.SteppedTime;
import io.undercurrent.time.TimeSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.fluent.ChainedStreamBuilder;

/** What is seen of standbys on real servers. */
@PostgresTest
class ReplicationTests {

  private static PrimaryAndStandby servers;
  private static Database primary;
  private static Database standby;

  private final SteppedTime time = new SteppedTime();
  private Replication replication = ignoring();
  private Signal lag = ReplicationSignal.lag(SignalProperties.OPEN, replication);
  private Signal bytes = ReplicationSignal.bytes(SignalProperties.OPEN, replication);

  @BeforeAll
  static void start() throws IOException {
    servers =
        new PrimaryAndStandby(
            "wal_level",
            "logical",
            "synchronous_commit",
            "on",
            "cluster_name",
            "other",
            "wal_retrieve_retry_interval",
            "100ms");
    primary = servers.old();
    Rows.run(primary, "CREATE ROLE \"Little\" LOGIN");
    standby = servers.promoted();
  }

  @AfterAll
  static void stop() throws IOException {
    primary.close();
    standby.close();
    servers.close();
  }

  @BeforeEach
  void isFollowed() {
    awaitReplayed();
  }

  @AfterEach
  void reset() {
    PrimaryAndStandby.configure(standby, "recovery_min_apply_delay = 0");
    PrimaryAndStandby.configure(primary, "wal_sender_timeout = '1min'");
  }

  @Test
  void measuresAStandbyThatReplaysLate() {
    PrimaryAndStandby.configure(standby, "recovery_min_apply_delay = '1h'");
    Rows.await(standby, "SELECT 1 WHERE current_setting('recovery_min_apply_delay') = '1h'");
    look(lag);

    write();
    // Of the first one, only the commit waits.
    write();
    pass(1);
    look(lag);
    Rows.await(
        primary, "SELECT 1 FROM pg_stat_replication WHERE flush_lsn >= pg_current_wal_lsn()");
    pass(11);

    assertThat(value(lag).value()).isGreaterThanOrEqualTo(11);
    assertThat(value(lag))
        .returns("other", Value::subject)
        .returns(
            "it has received the log but not replayed it: delayed, paused, or held up by a query; one that is late on purpose belongs to undercurrent.health.standbys.ignored",
            Value::detail);
    assertThat(value(bytes).value()).isGreaterThan(1_000);
    PrimaryAndStandby.configure(standby, "recovery_min_apply_delay = 0");
    awaitNone(lag);
    awaitNone(bytes);
  }

  @Test
  void measuresAStandbyWhoseReceiverIsStoppedAlsoOnceItIsDisconnected() throws Exception {
    var expected = expected("other");
    look(lag);
    servers.freezeReceiver(true);
    try {
      write();
      pass(1);
      look(lag);
      pass(20);
      assertThat(value(lag).value()).isGreaterThanOrEqualTo(20);
      assertThat(look(expected)).isEqualTo(new Value(0, null, null));

      PrimaryAndStandby.configure(primary, "wal_sender_timeout = '200ms'");
      Rows.awaitNone(primary, "SELECT 1 FROM pg_stat_replication");
      pass(5);

      assertThat(value(lag).value()).isGreaterThanOrEqualTo(25);
      assertThat(value(lag))
          .returns("other", Value::subject)
          .returns("not heard of for 5 s", Value::detail);
      assertThat(value(bytes).value()).isGreaterThan(1_000);
      assertThat(look(expected)).isEqualTo(new Value(1, "other", "not connected"));
      pass(600);
      assertThat(look(lag)).isEqualTo(new Nothing("no standby is connected"));
      assertThat(look(expected)).isEqualTo(new Value(1, "other", "not connected"));
    } finally {
      servers.freezeReceiver(false);
    }
    PrimaryAndStandby.configure(primary, "wal_sender_timeout = '1min'");
    awaitNone(lag);
    assertThat(look(expected)).isEqualTo(new Value(0, null, null));
  }

  @Test
  void takesNobodyForAStandbyThatReplaysNothing() throws Exception {
    replication = ignoring("other");
    lag = ReplicationSignal.lag(SignalProperties.OPEN, replication);
    Rows.of(primary, "SELECT pg_create_logical_replication_slot('decoding', 'pgoutput')");
    try (var copying = receiver("copying", "true");
        var decoding = receiver("decoding", "database");
        var log = streams(copying).physical().withStartPosition(flushed()).start();
        var changes =
            streams(decoding)
                .logical()
                .withSlotName("decoding")
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", "none")
                .start()) {
      write();
      log.setFlushedLSN(flushed());
      log.forceUpdateStatus();
      changes.forceUpdateStatus();
      Rows.await(primary, "SELECT 1 FROM pg_stat_replication HAVING count(state) = 3");
      Rows.await(
          primary,
          """
          SELECT 1
            FROM pg_stat_replication
           WHERE application_name = 'copying'
             AND flush_lsn IS NOT NULL
             AND replay_lsn IS NULL""");

      assertThat(look(lag)).isEqualTo(new Nothing("no standby is connected"));
      assertThat(look(expected("copying", "decoding"))).isEqualTo(new Value(0, null, null));
    } finally {
      Rows.await(primary, "SELECT 1 FROM pg_replication_slots WHERE NOT active");
      Rows.of(primary, "SELECT pg_drop_replication_slot('decoding')");
    }
  }

  @Test
  void tellsStandbysOfOneNameByTheirAddresses() throws Exception {
    try (var twin = receiver("other", "true");
        var log = streams(twin).physical().withStartPosition(flushed()).start()) {
      log.setFlushedLSN(flushed());
      log.setAppliedLSN(flushed());
      log.forceUpdateStatus();
      Rows.await(primary, "SELECT 1 FROM pg_stat_replication HAVING count(replay_lsn) = 2");
      write();
      look(lag);
      pass(11);

      assertThat(value(lag).value()).isGreaterThanOrEqualTo(11);
      assertThat(value(lag).subject()).startsWith("other at ");
      assertThat(look(expected("other", "other"))).isEqualTo(new Value(0, null, null));
    }
    Rows.await(primary, "SELECT 1 FROM pg_stat_replication HAVING count(*) = 1");
    assertThat(look(expected("other", "other"))).isEqualTo(new Value(1, "other", "not connected"));
  }

  @Test
  void saysWhatARoleMayNotSee() {
    try (var little = little()) {
      var hidden =
          new Unknown(
              "how far 'other' is may not be seen; let the role see it with: GRANT pg_monitor TO \"Little\"");
      assertThat(Looking.at(little, lag)).isEqualTo(hidden);
      assertThat(Looking.at(little, bytes)).isEqualTo(hidden);
      assertThat(Looking.at(little, expected("other", "third")))
          .isEqualTo(new Value(1, "third", "not connected"));
      var ignoring = ReplicationSignal.lag(SignalProperties.OPEN, ignoring("other"));
      assertThat(Looking.at(little, ignoring)).isEqualTo(new Nothing("no standby is connected"));

      Rows.run(primary, "GRANT pg_monitor TO \"Little\"");
      pass(1);
      assertThat(Looking.at(little, lag)).isInstanceOf(Value.class);
    } finally {
      Rows.run(primary, "REVOKE pg_monitor FROM \"Little\"");
    }
  }

  @Test
  void holdsARunForAStandbyThatReplaysLate() throws Exception {
    var signal =
        ReplicationSignal.lag(limits("300ms"), new Replication(List.of(), TimeSource.SYSTEM));
    try (var run = new HeldRun(primary, "late", signal)) {
      var why =
          run.whenIn(
              () -> {
                PrimaryAndStandby.configure(standby, "recovery_min_apply_delay = '1h'");
                Rows.await(
                    standby, "SELECT 1 WHERE current_setting('recovery_min_apply_delay') = '1h'");
                write();
              });
      assertThat(why).contains("replication-lag of other is", "it holds above 0.3 s");

      PrimaryAndStandby.configure(standby, "recovery_min_apply_delay = 0");
      run.goesOn();
    }
  }

  @Test
  void holdsARunForAStandbyWhoseReceiverIsStopped() throws Exception {
    try (var run = new HeldRun(primary, "stopped", expected("other"))) {
      var why =
          run.whenIn(
              () -> {
                servers.freezeReceiver(true);
                PrimaryAndStandby.configure(primary, "wal_sender_timeout = '200ms'");
              });
      assertThat(why).contains("standbys of other is 1 (not connected); it holds above 0");

      PrimaryAndStandby.configure(primary, "wal_sender_timeout = '1min'");
      servers.freezeReceiver(false);
      run.goesOn();
    } finally {
      servers.freezeReceiver(false);
    }
  }

  @Test
  void asksThePrimary() {
    var in = new Unknown("the server is a standby itself; its primary has to be asked");

    assertThat(Looking.at(standby, lag)).isEqualTo(in);
    assertThat(Looking.at(standby, expected("other"))).isEqualTo(in);
    assertThat(Looking.at(standby, new Slots(Slots.OWN, time)))
        .isEqualTo(new Nothing("there is no replication slot"));
    Rows.of(standby, "SELECT pg_create_physical_replication_slot('cascade')");
    assertThat(Looking.at(standby, new Slots(Slots.OWN, time))).isEqualTo(in);
    Rows.of(standby, "SELECT pg_drop_replication_slot('cascade')");
  }

  private static Database little() {
    return new Database(new DatabaseSettings("master", primary.settings().url(), "Little", null));
  }

  private static SignalProperties limits(String hold) {
    return new SignalProperties(hold, null, null, null);
  }

  private Replication ignoring(String... names) {
    return new Replication(List.of(names), time);
  }

  private Signal expected(String... names) {
    return new ExpectedStandbys(
        new StandbysProperties(null, null, null, null, List.of(names), List.of()), replication);
  }

  private static Connection receiver(String name, String replication) throws SQLException {
    var properties = new Properties();
    properties.put("user", "postgres");
    properties.put("replication", replication);
    properties.put("preferQueryMode", "simple");
    properties.put("assumeMinServerVersion", "14");
    properties.put("ApplicationName", name);
    return DriverManager.getConnection(primary.settings().url(), properties);
  }

  private static ChainedStreamBuilder streams(Connection receiver) throws SQLException {
    return receiver.unwrap(PGConnection.class).getReplicationAPI().replicationStream();
  }

  private static LogSequenceNumber flushed() {
    return LogSequenceNumber.valueOf(
        Rows.of(primary, "SELECT pg_current_wal_flush_lsn()").get(0) + "");
  }

  private void pass(int seconds) {
    time.pass(Duration.ofSeconds(seconds));
  }

  private Reading look(Signal signal) {
    return Looking.at(primary, signal);
  }

  private Value value(Signal signal) {
    return Looking.value(primary, signal);
  }

  private static void write() {
    Rows.of(primary, "SELECT pg_logical_emit_message(true, 'test', repeat('x', 2000))");
  }

  private void awaitNone(Signal signal) {
    Engine.await()
        .until(
            () -> {
              pass(1);
              return look(signal).equals(new Value(0, "other", null));
            });
  }

  private static void awaitReplayed() {
    Rows.await(
        primary, "SELECT 1 FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()");
  }
}
