package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@PostgresTest
class SeenPositionsTests {

  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
  private static final long FAR = 0x1000_0000_00ABL;

  @Test
  void refusesAnOlderCopyOnTheSameTimeline(Database database) throws SQLException {
    var timeline = timeline(database);

    database.seeAgain(timeline, FAR, NOON);

    assertThatThrownBy(() -> database.connect("test"))
        .isInstanceOf(DatabaseDownException.class)
        .message()
        .matches(
            "Database 'master': expected a write-ahead log that has got to 1000/AB, as seen on localhost:\\d+ at 2026-11-29T12:00:00Z, found 0/[0-9A-F]+ on localhost:\\d+: an older copy. Configure the url of the newer one, or restart Undercurrent if it was put back on purpose");
  }

  @Test
  void saysSoInEveryWayToTheDatabase(Database database) throws SQLException {
    database.seeAgain(timeline(database), FAR, NOON);

    assertThatThrownBy(() -> database.jdbc().sql("SELECT 1").query().singleRow())
        .hasMessageContaining("an older copy");
    assertThatThrownBy(database::prepare).hasMessageContaining("an older copy");
    try (var pool = database.pool("test", 1, "")) {
      pool.setConnectionTimeout(250);
      assertThatThrownBy(pool::getConnection).hasRootCauseInstanceOf(OldPrimaryException.class);
    }
  }

  @Test
  void doesNotMindAnotherCluster(Database database) throws SQLException {
    database.seeAgain(new Timeline(4711, timeline(database).number() + 1), FAR, NOON);

    assertThatCode(() -> database.connect("test").close()).doesNotThrowAnyException();
  }

  @Test
  void knowsALaterTimelineOfTheSameClusterFromOthers(Database database) throws SQLException {
    var now = timeline(database);

    assertThat(database.isOver(now)).isFalse();
    assertThat(database.isOver(new Timeline(now.system(), now.number() - 1))).isTrue();
    assertThat(database.isOver(new Timeline(4711, now.number() - 1))).isFalse();
  }

  @Test
  void goesWithoutWhereTheServerDoesNotSay(Database database, TestDatabases databases)
      throws SQLException {
    Rows.run(database, "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
    var stranger = databases.as("stranger", database);

    stranger.connect("test").close();

    assertThat(stranger.tellsTimeline()).isFalse();
    assertThat(database.tellsTimeline()).isTrue();
  }

  private static Timeline timeline(Database database) throws SQLException {
    try (var connection = database.connect("test")) {
      return WalPosition.of(connection).timeline();
    }
  }
}
