package io.undercurrent.sample;

import static io.undercurrent.sample.Homeserver.ALICE;
import static io.undercurrent.sample.Homeserver.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.PostgresTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class RoomMemberStatisticsTests {

  private Homeserver homeserver;

  @BeforeEach
  void makeHomeserver(Database database) {
    homeserver = new Homeserver(database);
    homeserver.room(ROOM);
  }

  @Test
  void countsAllStateAndEachMembership() {
    homeserver.state("m.room.create", "{}");
    homeserver.state(ROOM, "m.room.name", "other", "{}");
    homeserver.member(ALICE, "join");
    homeserver.member("@bob:other.test", "join");
    homeserver.member("@carol:sample.test", "invite");
    homeserver.member("@dave:sample.test", "leave");
    homeserver.member("@erin:sample.test", "ban");
    homeserver.member("@frank:sample.test", "knock");

    assertThat(homeserver.currentStatistics())
        .containsEntry("current_state_events", 8)
        .containsEntry("joined_members", 2)
        .containsEntry("invited_members", 1)
        .containsEntry("left_members", 1)
        .containsEntry("banned_members", 1)
        .containsEntry("knocked_members", 1)
        .containsEntry("local_users_in_room", 1);
  }

  @Test
  void countsAnUnknownMembershipAndNoneAsStateOnly() {
    homeserver.member(ALICE, "lurk");
    homeserver.sql(
        "UPDATE current_state_events SET membership = NULL WHERE event_id = ?",
        homeserver.member("@bob:sample.test", "join"));

    assertThat(homeserver.currentStatistics())
        .containsEntry("current_state_events", 2)
        .containsEntry("joined_members", 0)
        .containsEntry("local_users_in_room", 0);
  }

  @Test
  void goesByTheCurrentStateAndNotByTheMemberships() {
    homeserver.sql(
        "INSERT INTO room_memberships VALUES (?, ?, ?, ?, 'leave')",
        homeserver.member(ALICE, "join"),
        ALICE,
        ALICE,
        ROOM);

    assertThat(homeserver.currentStatistics()).containsEntry("joined_members", 1);
  }

  @Test
  void takesAMemberWithoutAnEventForJoinedButNotForLocal() {
    homeserver.sql("DELETE FROM events WHERE event_id = ?", homeserver.member(ALICE, "join"));

    assertThat(homeserver.currentStatistics())
        .containsEntry("joined_members", 1)
        .containsEntry("local_users_in_room", 0);
  }

  @ParameterizedTest
  @CsvSource({
    "@ghost:sample.test, 1",
    "@alice:other.test, 0",
    "@alice:SAMPLE.test, 0",
    "@alice:sample.test:8448, 0",
    "@alice:8448:sample.test, 0",
    "@alice:x.sample.test, 0",
    "sample.test, 0",
  })
  void countsUsersOfExactlyThisServer(String user, int expected) {
    homeserver.member(user, "join");

    assertThat(homeserver.currentStatistics()).containsEntry("local_users_in_room", expected);
  }

  @Test
  void overwritesTheFiguresOfAnEarlierRun() {
    homeserver.member(ALICE, "join");
    homeserver.sql("INSERT INTO room_stats_current VALUES (?, 9, 9, 9, 9, 9, 9, 999, 9)", ROOM);

    assertThat(homeserver.currentStatistics())
        .containsEntry("current_state_events", 1)
        .containsEntry("joined_members", 1)
        .containsEntry("knocked_members", 0)
        .containsEntry("completed_delta_stream_id", 1L);
  }

  @Test
  void isCompleteUpToTheNewestEventOfAllRooms() {
    homeserver.state("m.room.create", "{}");
    homeserver.room("!other:sample.test");
    homeserver.state("!other:sample.test", "m.room.create", "", "{}");

    assertThat(homeserver.currentStatistics()).containsEntry("completed_delta_stream_id", 2L);
  }

  @Test
  void isCompleteUpToWhatTheWritersHavePersisted() {
    homeserver.state("m.room.create", "{}");
    homeserver.sql("INSERT INTO stream_positions VALUES ('events', 'one', 70)");
    homeserver.sql("INSERT INTO stream_positions VALUES ('events', 'two', 50)");
    homeserver.sql("INSERT INTO stream_positions VALUES ('backfill', 'one', 90)");

    assertThat(homeserver.currentStatistics()).containsEntry("completed_delta_stream_id", 50L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "NULL"})
  void isCompleteUpToTheFirstPositionWhereOnlyOldEventsAre(String streamOrdering) {
    homeserver.state("m.room.create", "{}");
    homeserver.sql("UPDATE events SET stream_ordering = " + streamOrdering);

    assertThat(homeserver.currentStatistics()).containsEntry("completed_delta_stream_id", 1L);
  }
}
