package io.undercurrent.health;

import static io.undercurrent.testing.Engine.createTable;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.PrimaryAndStandby;
import io.undercurrent.testing.Rows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Autovacuum on a server of its own, which comes every second. */
@PostgresTest
@Tag("faults")
class VacuumFaultTests {

  /** More than a table bears there; each block takes one. */
  private static final String BURN =
      """
      DO $$
      BEGIN
        FOR i IN 1..100100 LOOP
          BEGIN
            INSERT INTO burnt VALUES (i);
          EXCEPTION WHEN division_by_zero THEN
          END;
        END LOOP;
      END $$""";

  private static EmbeddedPostgres server;
  private static Database database;

  private final Vacuum signal = Vacuum.of(null);
  private final Vacuum any = new Vacuum(Vacuum.of(null).limits(), true);

  @BeforeAll
  static void start() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("autovacuum_naptime", "1s")
            .setServerConfig("autovacuum_freeze_max_age", "100000")
            .setServerConfig("fsync", "off")
            .start();
    database = open("postgres");
    Rows.run(
        database,
        "CREATE UNLOGGED TABLE burnt (n int) WITH (autovacuum_enabled = off)",
        "CREATE ROLE blind LOGIN");
  }

  private static Database open(String role) {
    return new Database(
        new DatabaseSettings(
            "master",
            "jdbc:postgresql://localhost:%d/postgres".formatted(server.getPort()),
            role,
            null));
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
    server.close();
  }

  @Test
  void seesOneThatPreventsWraparoundOnAPartition() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE days (id bigint PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM (0) TO (100)",
        "INSERT INTO days SELECT generate_series(1, 99)",
        "CREATE TABLE others (id bigint)",
        BURN);
    try (var reader = OtherSession.begin(database);
        var blind = open("blind")) {
      // Such a vacuum waits for a page that a cursor is at.
      reader.run("DECLARE here CURSOR FOR SELECT * FROM days_1");
      reader.run("FETCH here");
      Engine.await().until(() -> Looking.figure(database, signal, "public.days") == 1);

      var reading = new Reading.Value(1, "days", "autovacuum, to prevent wraparound");
      assertThat(Looking.at(database, signal, "public.days")).isEqualTo(reading);
      assertThat(Looking.at(blind, signal, "public.days", "public.others")).isEqualTo(reading);
      assertThat(Looking.figure(database, signal, "public.others")).isZero();
    }
    Engine.await().until(() -> Looking.figure(database, signal, "public.days") == 0);
  }

  @Test
  void holdsARunUntilItIsDone() throws Exception {
    try (var reader = OtherSession.begin(database);
        var run = new HeldRun(database, "aged", signal)) {
      var why =
          run.whenIn(
              () -> {
                Rows.run(database, BURN);
                reader.run("DECLARE here CURSOR FOR SELECT * FROM aged");
                reader.run("FETCH here");
              });
      assertThat(why)
          .contains("vacuum of aged is 1 (autovacuum, to prevent wraparound); it holds above 0");

      reader.run("CLOSE here");
      run.goesOn();
    }
  }

  @Test
  void isKeptFromItsWorkByAQueryOnAStandby() throws Exception {
    var oldest = new OldestTransaction(OldestTransaction.OWN);
    try (var servers = new PrimaryAndStandby();
        var primary = servers.old();
        var standby = servers.promoted()) {
      PrimaryAndStandby.configure(
          standby, "hot_standby_feedback = on", "wal_receiver_status_interval = '1s'");
      try (var query = OldSnapshot.hold(standby)) {
        Engine.await()
            .until(
                () -> {
                  Rows.of(primary, "SELECT pg_current_xact_id()");
                  return Looking.at(primary, oldest) instanceof Reading.Value value
                      && value.value() > 2;
                });
        assertThat(Looking.value(primary, oldest).subject()).startsWith("standby ");
      }
      Engine.await()
          .until(
              () -> {
                Rows.of(primary, "SELECT pg_current_xact_id()");
                return !(Looking.at(primary, oldest) instanceof Reading.Value value)
                    || value.value() < 2;
              });
    }
  }

  @Test
  void seesAnyOtherOnlyIfThatIsWanted() {
    createTable(database, "numbers", 20_000);
    Rows.run(
        database,
        "ALTER TABLE numbers SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)",
        "UPDATE numbers SET n = 1");
    Engine.await().until(() -> Looking.figure(database, any, "public.numbers") == 1);

    assertThat(Looking.at(database, any, "public.numbers"))
        .isEqualTo(new Reading.Value(1, "numbers", "autovacuum"));
    assertThat(Looking.figure(database, signal, "public.numbers")).isZero();
    Rows.run(database, "DROP TABLE numbers");
  }
}
