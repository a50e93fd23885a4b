package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.sample.SampleHomeserver.Step;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

@PostgresTest
class SampleHomeserverTests {

  @Test
  void loadsAsManyRoomsAsAskedFor(Database database) {
    var loaded = new SampleHomeserver(database).load(300, step -> {});

    assertThat(loaded.rooms()).isEqualTo(300);
    assertThat(loaded.duration()).isPositive();
    // The first room's row is missing on purpose.
    assertThat(loaded.rows())
        .containsEntry("rooms", 299L)
        .containsEntry("user_directory", 0L)
        .containsKeys("events", "event_json", "users", "stream_positions");
    assertThat(loaded.rows().get("current_state_events")).isBetween(300L * 12, 300L * 25);
  }

  @Test
  void loadsASingleRoom(Database database) {
    new SampleHomeserver(database).load(1, step -> {});

    assertThat(count(database, "SELECT count(DISTINCT room_id) FROM current_state_events"))
        .isEqualTo(1);
  }

  @Test
  void tellsOfEachStep(Database database) {
    var steps = new ArrayList<Step>();

    new SampleHomeserver(database).load(1, steps::add);

    assertThat(steps)
        .extracting(Step::name)
        .containsExactly("tables", "users", "rooms", "state", "members", "indexes", "vacuum")
        .isEqualTo(SampleHomeserver.steps());
    assertThat(steps).extracting(Step::duration).allMatch(duration -> duration.toNanos() > 0);
  }

  @Test
  void isTheSameEveryTime(TestDatabases databases) {
    var one = databases.create();
    var other = databases.create();
    new SampleHomeserver(one).load(120, step -> {});
    new SampleHomeserver(other).load(120, step -> {});

    assertThat(SampleHomeserver.tables())
        .allSatisfy(table -> assertThat(digest(one, table)).isEqualTo(digest(other, table)));
  }

  @Test
  void hasKeysAndIndexesUnderTheHomeserversNames(Database database) {
    new SampleHomeserver(database).load(1, step -> {});

    assertThat(
            database
                .jdbc()
                .sql("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
                .query(String.class)
                .list())
        .contains(
            "current_state_events_room_id_type_state_key_key",
            "event_json_event_id_key",
            "events_stream_ordering",
            "room_stats_current_pkey",
            "room_stats_state_room");
  }

  @Test
  void refusesADatabaseThatHasSuchTables(Database database) {
    database.jdbc().sql("CREATE TABLE users (name text)").update();
    database.jdbc().sql("CREATE TABLE events (id int)").update();

    assertThatThrownBy(() -> new SampleHomeserver(database).load(1, step -> {}))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'master': expected a database without the sample's tables, found events, users. Load the sample into an empty database");
  }

  @Test
  void refusesFewerRoomsThanOne(Database database) {
    assertThatThrownBy(() -> new SampleHomeserver(database).load(0, step -> {}))
        .isInstanceOf(RefusedException.class)
        .hasMessage("Expected a number of rooms above 0 for the sample, got 0");
  }

  @Test
  void leavesNothingBehindWhenItIsBrokenOff(Database database) {
    var sample = new SampleHomeserver(database);

    assertThatThrownBy(() -> sample.load(1, SampleHomeserverTests::breakOff))
        .isInstanceOf(IllegalStateException.class);

    assertThat(count(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        .isZero();
    sample.load(1, step -> {});
  }

  @Test
  void saysWhyItCannotBeLoaded(TestDatabases databases) {
    var owned = databases.create();
    var database = databases.as("onlooker", owned);
    Rows.run(
        owned,
        // as it is from PostgreSQL 15 on
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA undercurrent TO onlooker",
        "GRANT SELECT ON ALL TABLES IN SCHEMA undercurrent TO onlooker");

    assertThatThrownBy(() -> new SampleHomeserver(database).load(1, step -> {}))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'master': the sample could not be loaded: permission denied for schema public (SQLSTATE 42501)");
  }

  @Test
  void hasAllItsRoomsCounted(Database database) throws Exception {
    new SampleHomeserver(database).load(60, step -> {});

    new JobRunner(database, SampleHomeserver.SERVER_NAME).run(JobRunner.STATISTICS);

    var current =
        "SELECT count(*) FROM room_stats_current WHERE completed_delta_stream_id = (SELECT max(stream_ordering) FROM events)";
    assertThat(count(database, current)).isEqualTo(59);
    assertThat(count(database, "SELECT count(*) FROM room_stats_state WHERE name <> 'An old name'"))
        .isGreaterThan(30);
    // The room without current state keeps what it had.
    assertThat(
            count(
                database,
                "SELECT joined_members FROM room_stats_current WHERE completed_delta_stream_id = 99"))
        .isEqualTo(99);
  }

  private static void breakOff(Step step) {
    if (step.name().equals("members")) {
      throw new IllegalStateException("enough");
    }
  }

  private static String digest(Database database, String table) {
    return database
        .jdbc()
        .sql(
            "SELECT coalesce(md5(string_agg(CAST(row AS text), '' ORDER BY CAST(row AS text))), '') FROM %s AS row"
                .formatted(table))
        .query(String.class)
        .single();
  }

  private static long count(Database database, String sql) {
    return database.jdbc().sql(sql).query(Long.class).single();
  }
}
