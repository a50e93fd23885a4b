package io.undercurrent.sample;

import static io.undercurrent.sample.Homeserver.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class RoomStateStatisticsTests {

  private Homeserver homeserver;

  @BeforeEach
  void makeHomeserver(TestDatabases databases) {
    homeserver = Homeserver.in(databases);
  }

  @Test
  void takesEachFieldFromItsEvent() {
    var room = homeserver.room();
    homeserver.state(room, "m.room.create", "{\"type\":\"a type\"}");
    homeserver.state(room, "m.room.join_rules", "{\"join_rule\":\"a rule\"}");
    homeserver.state(room, "m.room.history_visibility", "{\"history_visibility\":\"visible\"}");
    homeserver.state(room, "m.room.encryption", "{\"algorithm\":\"an algorithm\"}");
    homeserver.state(room, "m.room.name", "{\"name\":\"a name\"}");
    homeserver.state(room, "m.room.topic", "{\"topic\":\"a topic\"}");
    homeserver.state(room, "m.room.avatar", "{\"url\":\"a url\"}");
    homeserver.state(room, "m.room.canonical_alias", "{\"alias\":\"#a\",\"alt_aliases\":[\"#b\"]}");

    assertThat(homeserver.computedStatistics(room))
        .containsEntry("room_type", "a type")
        .containsEntry("join_rules", "a rule")
        .containsEntry("history_visibility", "visible")
        .containsEntry("encryption", "an algorithm")
        .containsEntry("name", "a name")
        .containsEntry("topic", "a topic")
        .containsEntry("avatar", "a url")
        .containsEntry("canonical_alias", "#a");
  }

  @Test
  void leavesOutWhatIsNoText() {
    assertThat(
            names("{}", "{\"name\":null}", "{\"name\":5}", "{\"name\":[\"x\"]}", "[\"name\"]", "7"))
        .containsOnlyNulls();
  }

  @Test
  void keepsAnEmptyText() {
    assertThat(names("{\"name\":\"\"}")).containsExactly("");
  }

  @Test
  void leavesOutATextThatTheColumnCannotHold() {
    assertThat(
            names(
                "{\"name\":\"zero \\u0000\"}",
                "{\"name\":\"high \\ud83d alone\"}",
                "{\"name\":\"low \\uDE00 alone\"}",
                "{\"name\":\"wrong way round \\ude00\\ud83d\"}",
                "{\"name\":\"high twice \\ud83d\\ud83d\\ude00\"}",
                "{\"name\":\"behind a backslash \\\\\\u0000\"}"))
        .containsOnlyNulls();
  }

  @Test
  void keepsATextThatOnlyLooksAsIf() {
    assertThat(
            names(
                "{\"name\":\"a pair \\ud83d\\ude00\"}",
                "{\"name\":\"a pair \\ud83d\\ude00\",\"zero\":\"\\u0000\"}",
                "{\"name\":\"no zero \\\\u0000\"}",
                "{\"name\":\"no zero \\\\u0000\",\"zero\":\"\\u0000\"}",
                "{\"name\":\"no surrogate \\\\ud83d\",\"surrogate\":\"\\ud83d\"}"))
        .containsExactly(
            "a pair 😀", "a pair 😀", "no zero \\u0000", "no zero \\u0000", "no surrogate \\ud83d");
  }

  @Test
  void takesTheLastOfEqualKeys() {
    assertThat(
            names(
                "{\"name\":\"first\",\"name\":\"last\"}",
                "{\"name\":\"first\",\"name\":\"last\",\"zero\":\"\\u0000\"}",
                "{\"name\":\"first\",\"n\\u0061me\":\"last\"}",
                "{\"name\":\"first\",\"name\":\"\\u0000\"}",
                "{\"name\":\"first\",\"name\":7}",
                "{\"name\":\"first\"},\"content\":{\"name\":\"last\"}"))
        .containsExactly("last", "last", "last", null, null, "last");
  }

  @Test
  void readsAroundATextOfAMegabyte() {
    var megabyte = "\\ud83d\\ude00".repeat(90_000);

    assertThat(
            names(
                "{\"name\":\"x\",\"huge\":\"%s\"}".formatted(megabyte),
                "{\"name\":\"x\",\"huge\":\"%s\\u0000\"}".formatted(megabyte)))
        .containsExactly("x", "x");
  }

  @Test
  void losesOneTextAndKeepsTheOthers() {
    var room = homeserver.room();
    homeserver.state(room, "m.room.name", "{\"name\":\"\\u0000\"}");
    homeserver.state(room, "m.room.topic", "{\"topic\":\"fine\"}");

    assertThat(homeserver.computedStatistics(room))
        .containsEntry("name", null)
        .containsEntry("topic", "fine");
  }

  @Test
  void ignoresAnotherStateKey() {
    var room = homeserver.room();
    homeserver.state(room, "m.room.name", "other", "{\"name\":\"x\"}");

    assertThat(homeserver.computedStatistics(room)).containsEntry("name", null);
  }

  @Test
  void ignoresAnEventThatIsRejected() {
    assertThat(namesAfter("INSERT INTO rejections VALUES (?, 'auth_error', '0')"))
        .containsOnlyNulls();
  }

  @Test
  void ignoresAnEventThatIsMissing() {
    assertThat(
            namesAfter(
                "DELETE FROM events WHERE event_id = ?",
                "DELETE FROM event_json WHERE event_id = ?"))
        .containsOnlyNulls();
  }

  @Test
  void ignoresAnEventThatCannotBeRead() {
    assertThat(
            namesAfter(
                "UPDATE event_json SET json = '' WHERE event_id = ?",
                "UPDATE event_json SET json = left(json, -1) WHERE event_id = ?",
                "UPDATE event_json SET json = json || '{}' WHERE event_id = ?",
                "UPDATE event_json SET json = '[]' WHERE event_id = ?",
                "UPDATE event_json SET json = 'null' WHERE event_id = ?",
                "UPDATE event_json SET json = 'NaN' WHERE event_id = ?",
                "UPDATE event_json SET json = repeat('[', 99999) || repeat(']', 99999) WHERE event_id = ?",
                "UPDATE event_json SET internal_metadata = '{' WHERE event_id = ?"))
        .containsOnlyNulls();
  }

  @Test
  void readsAroundANumberThatIsTooBig() {
    assertThat(names("{\"name\":\"x\",\"number\":-1.5e999999}")).containsExactly("x");
  }

  @Test
  void readsTheFormatOfTheRoomsVersion() {
    assertThat(
            Stream.of("1", "2", "3", "4", "11", "12", "org.matrix.msc2716v4")
                .map(this::readableFormats))
        .containsExactly(
            List.of(1), List.of(1), List.of(2), List.of(3), List.of(3), List.of(4), List.of(3));
  }

  private List<Integer> readableFormats(String version) {
    var formats = List.of(0, 1, 2, 3, 4);
    var rooms = formats.stream().map(format -> roomOfFormat(version, format)).toList();
    var names = homeserver.computed("name", rooms);
    return formats.stream().filter(format -> names.get(format) != null).toList();
  }

  @Test
  void takesAnEventWithoutAFormatForTheFirst() {
    var rooms = List.of(roomOfFormat("1", null), roomOfFormat("3", null));

    assertThat(homeserver.computed("name", rooms)).containsExactly("x", null);
  }

  @Test
  void losesOnlyTheStateOfARoomOfUnknownVersion() {
    var rooms = Stream.of("org.example.next", "", null, "9").map(homeserver::room).toList();
    for (var room : rooms) {
      homeserver.state(room, "m.room.create", "{\"m.federate\":false,\"type\":\"m.space\"}");
      homeserver.state(room, "m.room.name", "{\"name\":\"x\"}");
    }
    homeserver.sql("DELETE FROM rooms WHERE room_version = '9'");

    homeserver.computeStatistics(rooms);

    assertThat(rooms)
        .map(homeserver::statistics)
        .allSatisfy(
            statistics ->
                assertThat(statistics)
                    .containsEntry("name", null)
                    .containsEntry("room_type", null)
                    .containsEntry("is_federatable", true)
                    .containsEntry("current_state_events", 2));
  }

  @Test
  void isFederatableUnlessToldOtherwise() {
    assertThat(
            values(
                "is_federatable",
                "m.room.create",
                "{}",
                "{\"m.federate\":true}",
                "{\"m.federate\":false}",
                "{\"m.federate\":\"yes\"}",
                "{\"m.federate\":\"true\"}",
                "{\"m.federate\":1}",
                "{\"m.federate\":null}"))
        .containsExactly(true, true, false, false, false, false, false);
  }

  @Test
  void isFederatableWithoutACreateEvent() {
    assertThat(values("is_federatable", "m.room.name", "{\"m.federate\":false}"))
        .containsExactly(true);
  }

  @Test
  void takesARoomTypeThatIsAText() {
    assertThat(
            values(
                "room_type",
                "m.room.create",
                "{}",
                "{\"type\":\"\"}",
                "{\"type\":7}",
                "{\"type\":\"m.\\u0000space\"}"))
        .containsExactly(null, "", null, null);
  }

  @Test
  void keepsGuestAccessAndOverwritesTheRest() {
    var room = homeserver.room();
    homeserver.state(room, "m.room.guest_access", "{\"guest_access\":\"forbidden\"}");
    homeserver.sql(
        "INSERT INTO room_stats_state (room_id, name, guest_access) VALUES (?, 'old', 'can_join')",
        room);

    assertThat(homeserver.computedStatistics(room))
        .containsEntry("guest_access", "can_join")
        .containsEntry("name", null)
        .containsEntry("is_federatable", true);
  }

  @Test
  void overwritesASingleFieldThatDiffers() {
    var room = homeserver.room();
    var expected = homeserver.computedStatistics(room);

    assertThat(
            Stream.of(
                "name = 'stale'",
                "topic = 'stale'",
                "canonical_alias = 'stale'",
                "join_rules = 'stale'",
                "history_visibility = 'stale'",
                "encryption = 'stale'",
                "avatar = 'stale'",
                "room_type = 'stale'",
                "is_federatable = NULL"))
        .allSatisfy(
            change -> {
              homeserver.sql("UPDATE room_stats_state SET " + change);
              assertThat(homeserver.computedStatistics(room)).isEqualTo(expected);
            });
  }

  @Test
  void writesNoGuestAccess() {
    assertThat(values("guest_access", "m.room.guest_access", "{\"guest_access\":\"forbidden\"}"))
        .containsOnlyNulls();
  }

  @Test
  void leavesWhatARedactionLeaves() {
    var room = homeserver.room();
    redacted(room, "m.room.create", "{\"type\":\"kept\",\"m.federate\":false}");
    redacted(room, "m.room.join_rules", "{\"join_rule\":\"kept\"}");
    redacted(room, "m.room.history_visibility", "{\"history_visibility\":\"kept\"}");
    redacted(room, "m.room.encryption", "{\"algorithm\":\"lost\"}");
    redacted(room, "m.room.name", "{\"name\":\"lost\"}");
    redacted(room, "m.room.topic", "{\"topic\":\"lost\"}");
    redacted(room, "m.room.avatar", "{\"url\":\"lost\"}");
    redacted(room, "m.room.canonical_alias", "{\"alias\":\"lost\"}");

    assertThat(homeserver.computedStatistics(room))
        .containsEntry("room_type", "kept")
        .containsEntry("is_federatable", false)
        .containsEntry("join_rules", "kept")
        .containsEntry("history_visibility", "kept")
        .doesNotContainValue("lost");
  }

  @Test
  void ignoresARedactionInAnotherRoom() {
    var room = homeserver.room();
    var name = homeserver.state(room, "m.room.name", "{\"name\":\"x\"}");
    homeserver.redaction(homeserver.room(), ALICE, name);

    assertThat(homeserver.computedStatistics(room)).containsEntry("name", "x");
  }

  @Test
  void looksAtTheSenderOfARedactionThatIsToBeRechecked() {
    var rooms =
        List.of(
            redactedBy("@moderator:sample.test", "{\"recheck_redaction\":true}"),
            redactedBy("@moderator:other.test", "{\"recheck_redaction\":true}"),
            redactedBy("@moderator:sample.test:8448", "{\"recheck_redaction\":true}"),
            redactedBy("@moderator:other.test", "{\"recheck_redaction\":false}"),
            redactedBy("@moderator:other.test", "{}"));

    assertThat(homeserver.computed("name", rooms)).containsExactly(null, "x", "x", null, null);
  }

  @Test
  void ignoresARedactionThatCannotBeRead() {
    assertThat(
            namesAfterRedactionAnd(
                "DELETE FROM events WHERE event_id = ?",
                "DELETE FROM event_json WHERE event_id = ?",
                "INSERT INTO rejections VALUES (?, 'auth_error', '0')",
                "UPDATE event_json SET json = '{' WHERE event_id = ?",
                "UPDATE event_json SET internal_metadata = '{' WHERE event_id = ?",
                "UPDATE event_json SET format_version = 1 WHERE event_id = ?"))
        .containsOnly("x");
  }

  @Test
  void findsTheRedactionThatCountsAmongOthers() {
    var room = homeserver.room();
    var name = homeserver.state(room, "m.room.name", "{\"name\":\"x\"}");
    var lost = homeserver.redaction(room, ALICE, name);
    homeserver.sql("DELETE FROM events WHERE event_id = ?", lost);
    homeserver.redaction(room, ALICE, name);

    assertThat(homeserver.computedStatistics(room)).containsEntry("name", null);
  }

  /** The names of rooms whose name events have such contents. */
  private List<@Nullable Object> names(String... contents) {
    return values("name", "m.room.name", contents);
  }

  /** A column of the statistics of rooms that have an event with such contents. */
  private List<@Nullable Object> values(String column, String type, String... contents) {
    return homeserver.computed(
        column,
        Stream.of(contents)
            .map(
                content -> {
                  var room = homeserver.room();
                  homeserver.state(room, type, content);
                  return room;
                })
            .toList());
  }

  /** The names of rooms called x, each after a change that {@code ?} stands for its event in. */
  private List<@Nullable Object> namesAfter(String... changes) {
    return homeserver.computed(
        "name",
        Stream.of(changes)
            .map(
                change -> {
                  var room = homeserver.room();
                  homeserver.sql(change, homeserver.state(room, "m.room.name", "{\"name\":\"x\"}"));
                  return room;
                })
            .toList());
  }

  /** The names of rooms called x, each after a change of the redaction of its name. */
  private List<@Nullable Object> namesAfterRedactionAnd(String... changes) {
    return homeserver.computed(
        "name",
        Stream.of(changes)
            .map(
                change -> {
                  var room = homeserver.room();
                  var name = homeserver.state(room, "m.room.name", "{\"name\":\"x\"}");
                  homeserver.sql(change, homeserver.redaction(room, ALICE, name));
                  return room;
                })
            .toList());
  }

  private void redacted(String room, String type, String content) {
    homeserver.redaction(room, ALICE, homeserver.state(room, type, content));
  }

  private String redactedBy(String sender, String internalMetadata) {
    var room = homeserver.room();
    var name = homeserver.state(room, "m.room.name", "{\"name\":\"x\"}");
    homeserver.sql(
        "UPDATE event_json SET internal_metadata = ? WHERE event_id = ?",
        internalMetadata,
        homeserver.redaction(room, sender, name));
    return room;
  }

  private String roomOfFormat(String version, @Nullable Integer format) {
    var room = homeserver.room(version);
    homeserver.sql(
        "UPDATE event_json SET format_version = ? WHERE event_id = ?",
        format,
        homeserver.state(room, "m.room.name", "{\"name\":\"x\"}"));
    return room;
  }
}
