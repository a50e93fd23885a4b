package io.undercurrent.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.PrimaryAndStandby;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.SteppedTime;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is seen of slots and of the archive on a real server. */
@PostgresTest
class WalTests {

  private static EmbeddedPostgres postgres;
  private static Database server;

  private final SteppedTime time = new SteppedTime();

  @BeforeAll
  static void start() throws IOException {
    postgres =
        EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofSeconds(30))
            .setLocaleConfig("locale", "C")
            .setLocaleConfig("wal-segsize", "1")
            .setServerConfig("archive_mode", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
    server = as("postgres");
    Rows.run(server, "CREATE ROLE little LOGIN");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    postgres.close();
  }

  @BeforeEach
  void reset() {
    configure("archive_command", "true");
    configure("max_slot_wal_keep_size", "-1");
  }

  @Test
  void measuresASlotThatFallsBehindUntilItIsLost() {
    var slots = slots(SignalProperties.OPEN);
    var strict = slots(limits("1MB"));
    assertThat(look(slots)).isEqualTo(new Nothing("there is no replication slot"));
    assertThat(look(strict)).isInstanceOf(Nothing.class);
    // It begins where the last checkpoint did.
    Rows.run(server, "CHECKPOINT");
    Rows.of(server, "SELECT pg_create_physical_replication_slot('behind', true)");
    try {
      assertThat(value(slots))
          .returns("behind", Value::subject)
          .returns(null, Value::threshold)
          .returns(
              "nobody reads from it at the moment; if nobody is to, SELECT pg_drop_replication_slot('behind')",
              Value::detail);
      configure("max_slot_wal_keep_size", "5MB");
      var limit = 4L << 20;
      assertThat(value(slots))
          .returns((double) limit, Value::threshold)
          .extracting(Value::value)
          .matches(kept -> kept < limit);

      switchSegments(5);
      assertThat(value(slots).value()).isGreaterThan(limit);
      assertThat(value(slots).detail())
          .endsWith("the server gives a slot up at max_slot_wal_keep_size");
      assertThat(value(strict).threshold()).isNull();

      switchSegments(5);
      Rows.run(server, "CHECKPOINT");
      Rows.await(server, "SELECT 1 FROM pg_replication_slots WHERE wal_status = 'lost'");
      assertThat(look(slots)).isEqualTo(new Nothing("lost 'behind'"));
    } finally {
      Rows.of(server, "SELECT pg_drop_replication_slot('behind')");
    }
    assertThat(look(slots)).isEqualTo(new Nothing("there is no replication slot"));
  }

  @Test
  void countsSegmentsThatCannotBeArchived() {
    var archive = new WalArchive(WalArchive.OWN);
    switchSegments(1);
    Rows.await(server, "SELECT 1 FROM pg_stat_archiver WHERE last_archived_wal IS NOT NULL");
    Engine.await().until(() -> look(archive).equals(new Value(0, null, null)));
    configure("archive_command", "false");
    switchSegments(3);
    Rows.await(
        server, "SELECT 1 FROM pg_stat_archiver WHERE last_failed_time > last_archived_time");

    assertThat(value(archive))
        .returns(3.0, Value::value)
        .extracting(Value::detail)
        .asString()
        .matches("the server could not archive [0-9A-F]{24}, last tried \\d+ s ago");
    try (var little = as("little")) {
      assertThat(Looking.figure(little, archive)).as("without a right").isEqualTo(3);
      configure("archive_command", "");
      assertThat(Looking.value(little, archive).detail())
          .isEqualTo("archive_command is empty: the server archives nothing");
    }
    configure("archive_command", "true");
    Engine.await().until(() -> look(archive).equals(new Value(0, null, null)));
  }

  @Test
  void holdsARunForASlotThatFallsBehind() throws Exception {
    var signal = slots(limits("3MB"));
    look(signal);
    Rows.run(server, "CHECKPOINT");
    Rows.of(server, "SELECT pg_create_physical_replication_slot('reader', true)");
    try (var run = new HeldRun(server, "slot", signal)) {
      assertThat(run.whenIn(() -> switchSegments(5)))
          .contains("slots of reader is", "it holds above 3 MB");

      Rows.of(server, "SELECT pg_replication_slot_advance('reader', pg_current_wal_lsn())");
      run.goesOn();
    } finally {
      Rows.of(server, "SELECT pg_drop_replication_slot('reader')");
    }
  }

  @Test
  void holdsARunForAnArchiveThatFails() throws Exception {
    switchSegments(1);
    var signal = new WalArchive(limits("3").or(WalArchive.NAME, WalArchive.OWN));
    Engine.await().until(() -> value(signal).value() == 0);
    try (var run = new HeldRun(server, "archived", signal)) {
      var why =
          run.whenIn(
              () -> {
                configure("archive_command", "false");
                switchSegments(5);
              });
      assertThat(why).contains("wal-archive is", "it holds above 3");

      configure("archive_command", "true");
      run.goesOn();
    }
  }

  @Test
  void countsASlotOnlyWhileSomebodyMayComeBack() {
    Rows.of(server, "SELECT pg_create_physical_replication_slot('old', true)");
    var since17 =
        Rows.of(server, "SELECT 1 WHERE current_setting('server_version_num') >= '170000'");
    var slots = slots(SignalProperties.OPEN);
    try {
      // An older server does not say since when nobody has used it.
      assertThat(look(slots)).isInstanceOf(since17.isEmpty() ? Nothing.class : Value.class);
      Rows.of(server, "SELECT pg_create_physical_replication_slot('new', true)");
      assertThat(look(slots)).isInstanceOf(Value.class);
      time.pass(Slots.UNUSED_AFTER);

      if (since17.isEmpty()) {
        assertThat(look(slots)).isEqualTo(new Nothing("unused 'new', unused 'old'"));
      }
    } finally {
      Rows.of(server, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
    }
  }

  private static Database as(String role) {
    var url = "jdbc:postgresql://localhost:%d/postgres".formatted(postgres.getPort());
    return new Database(new DatabaseSettings("master", url, role, null));
  }

  private static void configure(String name, String value) {
    PrimaryAndStandby.configure(server, "%s = '%s'".formatted(name, value));
    Rows.await(server, "SELECT 1 WHERE current_setting('%s') = '%s'".formatted(name, value));
  }

  private static void switchSegments(int count) {
    for (var i = 0; i < count; i++) {
      Rows.of(server, "SELECT pg_logical_emit_message(true, 'test', 'message')");
      Rows.of(server, "SELECT pg_switch_wal()");
    }
  }

  private Slots slots(SignalProperties configured) {
    return new Slots(configured.or(Slots.NAME, Slots.OWN), time);
  }

  private static SignalProperties limits(String hold) {
    return new SignalProperties(hold, null, null, null);
  }

  private static Reading look(Signal signal) {
    return Looking.at(server, signal);
  }

  private static Value value(Signal signal) {
    return Looking.value(server, signal);
  }
}
