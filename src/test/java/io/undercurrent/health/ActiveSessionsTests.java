package io.undercurrent.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

@PostgresTest
class ActiveSessionsTests {

  private static final String BUSY =
      "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = 4711 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) LOOP END LOOP; END $$";

  private final ActiveSessions signal = new ActiveSessions(ActiveSessions.OWN);

  @Test
  void countsWhoIsAtWorkAndNotWhoWaitsForItsClientSleepsOrIdles(Database database)
      throws Exception {
    var before = Looking.figure(database, signal);
    Rows.run(database, "CREATE TABLE copied (id int)");
    try (var idle = OtherSession.begin(database);
        var copying = database.connect("copying");
        var sleeping = database.connect("sleeping");
        var busy = database.connect("busy");
        var ours = database.connect("undercurrent runner");
        var release = database.connect("release")) {
      idle.run("SELECT 1");
      var copy = copying.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY copied FROM STDIN");
      var asleep = running(sleeping, "SELECT pg_sleep(600)");
      var works = running(busy, BUSY);
      var ourWork = running(ours, BUSY);
      awaitActive(database, "copying", "sleeping", "busy", "undercurrent runner");

      assertThat(Looking.figure(database, signal)).isEqualTo(before + 1);

      copy.cancelCopy();
      sleeping.unwrap(PGConnection.class).cancelQuery();
      release.createStatement().execute("SELECT pg_advisory_lock(4711)");
      works.join();
      ourWork.join();
      asleep.handle((done, failure) -> failure).join();
    }
  }

  @Test
  void isUnknownWhereARoleMayNotSeeTheOthers(TestDatabases databases, Database database)
      throws Exception {
    var blind = databases.as("blind_watch", database);
    try (var other = OtherSession.begin(database)) {
      other.run("SELECT 1");

      assertThat(Looking.unknown(Looking.at(blind, signal)))
          .matches(
              "the role may not see whether \\d+ sessions of other roles are active; let it with: GRANT pg_read_all_stats TO blind_watch");
    }
    Rows.run(database, "GRANT pg_read_all_stats TO blind_watch");
    assertThat(Looking.at(blind, signal)).isInstanceOf(Reading.Value.class);
  }

  private static CompletableFuture<Void> running(Connection connection, String sql) {
    return CompletableFuture.runAsync(
        () -> {
          try (var statement = connection.createStatement()) {
            statement.execute(sql);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void awaitActive(Database database, String... names) {
    for (var name : names) {
      Engine.await()
          .until(
              () ->
                  !Rows.of(
                          database,
                          "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() AND application_name = '"
                              + name
                              + "'")
                      .isEmpty());
    }
  }
}
