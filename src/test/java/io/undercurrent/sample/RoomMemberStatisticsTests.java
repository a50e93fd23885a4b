package io.undercurrent.sample;

import static io.undercurrent.sample.Homeserver.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class RoomMemberStatisticsTests {

  private Homeserver homeserver;
  private String room;

  @BeforeEach
  void makeHomeserver(TestDatabases databases) {
    homeserver = Homeserver.in(databases);
    room = homeserver.room();
  }

  @Test
  void countsAllStateAndEachMembership() {
    homeserver.state(room, "m.room.create", "{}");
    homeserver.state(room, "m.room.name", "other", "{}");
    homeserver.member(room, ALICE, "join");
    homeserver.member(room, "@bob:other.test", "join");
    homeserver.member(room, "@carol:sample.test", "invite");
    homeserver.member(room, "@dave:sample.test", "leave");
    homeserver.member(room, "@erin:sample.test", "ban");
    homeserver.member(room, "@frank:sample.test", "knock");

    assertThat(homeserver.computedStatistics(room))
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
    homeserver.member(room, ALICE, "lurk");
    homeserver.member(room, "@bob:sample.test", null);

    assertThat(homeserver.computedStatistics(room))
        .containsEntry("current_state_events", 2)
        .containsEntry("joined_members", 0)
        .containsEntry("local_users_in_room", 0);
  }

  @Test
  void goesByTheCurrentStateAndNotByTheMemberships() {
    homeserver.sql(
        "INSERT INTO room_memberships VALUES (?, ?, ?, ?, 'leave')",
        homeserver.member(room, ALICE, "join"),
        ALICE,
        ALICE,
        room);

    assertThat(homeserver.computedStatistics(room)).containsEntry("joined_members", 1);
  }

  @Test
  void takesAMemberWithoutAnEventForJoinedButNotForLocal() {
    homeserver.sql("DELETE FROM events WHERE event_id = ?", homeserver.member(room, ALICE, "join"));

    assertThat(homeserver.computedStatistics(room))
        .containsEntry("joined_members", 1)
        .containsEntry("local_users_in_room", 0);
  }

  @Test
  void countsUsersOfExactlyThisServer() {
    var rooms =
        Stream.of(
                "@ghost:sample.test",
                "@alice:other.test",
                "@alice:SAMPLE.test",
                "@alice:sample.test:8448",
                "@alice:8448:sample.test",
                "@alice:x.sample.test",
                "sample.test")
            .map(
                user -> {
                  var room = homeserver.room();
                  homeserver.member(room, user, "join");
                  return room;
                })
            .toList();

    assertThat(homeserver.computed("local_users_in_room", rooms))
        .containsExactly(1, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void overwritesTheFiguresOfAnEarlierRun() {
    homeserver.member(room, ALICE, "join");
    homeserver.sql("INSERT INTO room_stats_current VALUES (?, 9, 9, 9, 9, 9, 9, 999, 9)", room);

    assertThat(homeserver.computedStatistics(room))
        .containsEntry("current_state_events", 1)
        .containsEntry("joined_members", 1)
        .containsEntry("knocked_members", 0)
        .containsEntry("completed_delta_stream_id", 1L);
  }

  @Test
  void isCompleteUpToTheNewestEventOfAllRooms() {
    homeserver.state(room, "m.room.create", "{}");
    homeserver.state(homeserver.room(), "m.room.create", "{}");

    assertThat(homeserver.computedStatistics(room)).containsEntry("completed_delta_stream_id", 2L);
  }

  @Test
  void isCompleteUpToWhatAllWritersHavePersisted() {
    homeserver.state(room, "m.room.create", "{}");
    homeserver.sql("INSERT INTO stream_positions VALUES ('events', 'one', 70)");
    homeserver.sql("INSERT INTO stream_positions VALUES ('events', 'two', 50)");
    homeserver.sql("INSERT INTO stream_positions VALUES ('backfill', 'one', 30)");

    assertThat(homeserver.computedStatistics(room)).containsEntry("completed_delta_stream_id", 50L);
  }

  @Test
  void isCompleteUpToTheFirstPositionWhereOnlyOldEventsAre() {
    homeserver.state(room, "m.room.create", "{}");
    homeserver.state(room, "m.room.name", "{}");
    homeserver.sql("UPDATE events SET stream_ordering = -5 WHERE type = 'm.room.create'");
    homeserver.sql("UPDATE events SET stream_ordering = NULL WHERE type = 'm.room.name'");

    assertThat(homeserver.computedStatistics(room)).containsEntry("completed_delta_stream_id", 1L);
  }
}
