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
class RoomStateStatisticsTests {

  private Homeserver homeserver;

  @BeforeEach
  void makeHomeserver(Database database) {
    homeserver = new Homeserver(database);
    homeserver.room(ROOM);
  }

  @ParameterizedTest
  @CsvSource({
    "m.room.join_rules, join_rule, join_rules",
    "m.room.history_visibility, history_visibility, history_visibility",
    "m.room.encryption, algorithm, encryption",
    "m.room.name, name, name",
    "m.room.topic, topic, topic",
    "m.room.avatar, url, avatar",
    "m.room.canonical_alias, alias, canonical_alias",
    "m.room.create, type, room_type",
  })
  void takesAFieldFromItsEvent(String type, String key, String column) {
    homeserver.state(type, "{\"%s\":\"a value\"}".formatted(key));

    assertThat(homeserver.stateStatistics()).containsEntry(column, "a value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"name\":null}", "{\"name\":5}", "{\"name\":[\"x\"]}", "[]", "7"})
  void leavesOutWhatIsNoText(String content) {
    homeserver.state("m.room.name", content);

    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }

  @Test
  void keepsAnEmptyText() {
    homeserver.state("m.room.name", "{\"name\":\"\"}");

    assertThat(homeserver.stateStatistics()).containsEntry("name", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zero \\u0000",
        "high \\ud83d alone",
        "low \\ude00 alone",
        "wrong way round \\ude00\\ud83d",
        "high twice \\ud83d\\ud83d\\ude00",
        "behind a backslash \\\\\\u0000",
      })
  void leavesOutATextThatTheColumnCannotHold(String name) {
    homeserver.state("m.room.name", "{\"name\":\"%s\",\"other\":\"fine\"}".formatted(name));
    homeserver.state("m.room.topic", "{\"topic\":\"fine\"}");

    assertThat(homeserver.stateStatistics())
        .containsEntry("name", null)
        .containsEntry("topic", "fine");
  }

  @ParameterizedTest
  @CsvSource({
    "a pair \\ud83d\\ude00, a pair 😀",
    "no zero \\\\u0000, no zero \\u0000",
    "no surrogate \\\\ud83d, no surrogate \\ud83d",
    "after a zero elsewhere, after a zero elsewhere",
  })
  void keepsATextThatOnlyLooksAsIf(String name, String expected) {
    homeserver.state("m.room.name", "{\"name\":\"%s\",\"other\":\"\\u0000\"}".formatted(name));

    assertThat(homeserver.stateStatistics()).containsEntry("name", expected);
  }

  @Test
  void ignoresAnotherStateKey() {
    homeserver.state(ROOM, "m.room.name", "other", "{\"name\":\"x\"}");

    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }

  @Test
  void ignoresARejectedEvent() {
    var name = homeserver.state("m.room.name", "{\"name\":\"x\"}");
    homeserver.sql("INSERT INTO rejections VALUES (?, 'auth_error', '0')", name);

    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "event_json"})
  void ignoresAnEventThatIsMissing(String table) {
    var name = homeserver.state("m.room.name", "{\"name\":\"x\"}");
    homeserver.sql("DELETE FROM " + table + " WHERE event_id = ?", name);

    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"content\":{\"name\":\"x\"}", "{} {}", "[]", "null", "NaN"})
  void ignoresAnEventThatIsNoObject(String json) {
    homeserver.json(homeserver.state("m.room.name", "{\"name\":\"x\"}"), json);

    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }

  @Test
  void ignoresAnEventWhoseMetadataCannotBeRead() {
    homeserver.internalMetadata(homeserver.state("m.room.name", "{\"name\":\"x\"}"), "{");

    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }

  @Test
  void survivesAnEventThatIsNestedTooDeeply() {
    var deep = "[".repeat(200_000) + "]".repeat(200_000);
    homeserver.state("m.room.name", "{\"name\":\"x\",\"deep\":%s}".formatted(deep));

    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }

  @Test
  void readsAroundANumberThatIsTooBig() {
    homeserver.state("m.room.name", "{\"name\":\"x\",\"number\":-1.5e999999}");

    assertThat(homeserver.stateStatistics()).containsEntry("name", "x");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 2", "4, 3", "11, 3", "12, 4", "org.matrix.msc2716v4, 3"})
  void readsTheFormatOfTheRoomsVersion(String version, int format) {
    var name = homeserver.state("m.room.name", "{\"name\":\"x\"}");
    homeserver.sql("UPDATE rooms SET room_version = ?", version);
    homeserver.sql("UPDATE event_json SET format_version = ?", format);
    assertThat(homeserver.stateStatistics()).containsEntry("name", "x");

    homeserver.sql("UPDATE event_json SET format_version = ? WHERE event_id = ?", format + 1, name);
    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }

  @ParameterizedTest
  @CsvSource({"1, x", "3,"})
  void takesAnEventWithoutAFormatForTheFirst(String version, String expected) {
    homeserver.state("m.room.name", "{\"name\":\"x\"}");
    homeserver.sql("UPDATE rooms SET room_version = ?", version);
    homeserver.sql("UPDATE event_json SET format_version = NULL");

    assertThat(homeserver.stateStatistics()).containsEntry("name", expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM rooms",
        "UPDATE rooms SET room_version = NULL",
        "UPDATE rooms SET room_version = ''",
        "UPDATE rooms SET room_version = 'org.example.next'",
      })
  void losesOnlyTheStateOfARoomOfUnknownVersion(String change) {
    homeserver.state("m.room.create", "{\"m.federate\":false,\"type\":\"m.space\"}");
    homeserver.state("m.room.name", "{\"name\":\"x\"}");
    homeserver.sql(change);

    assertThat(homeserver.stateStatistics())
        .containsEntry("name", null)
        .containsEntry("room_type", null)
        .containsEntry("is_federatable", true);
    assertThat(homeserver.currentStatistics()).containsEntry("current_state_events", 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                   | true
          {"m.federate":true}  | true
          {"m.federate":false} | false
          {"m.federate":"yes"} | false
          {"m.federate":0}     | false
          {"m.federate":1}     | false
          {"m.federate":null}  | false
          """)
  void isFederatableUnlessToldOtherwise(String content, boolean expected) {
    homeserver.state("m.room.create", content);

    assertThat(homeserver.stateStatistics()).containsEntry("is_federatable", expected);
  }

  @Test
  void isFederatableWithoutACreateEvent() {
    homeserver.state("m.room.name", "{\"name\":\"x\"}");

    assertThat(homeserver.stateStatistics()).containsEntry("is_federatable", true);
  }

  @ParameterizedTest
  @CsvSource({"{\"type\":\"\"}, ''", "{\"type\":7},", "{\"type\":\"m.\\u0000space\"},"})
  void takesARoomTypeThatIsAText(String content, String expected) {
    homeserver.state("m.room.create", content);

    assertThat(homeserver.stateStatistics()).containsEntry("room_type", expected);
  }

  @Test
  void keepsGuestAccessAndOverwritesTheRest() {
    homeserver.state("m.room.guest_access", "{\"guest_access\":\"forbidden\"}");
    homeserver.sql(
        "INSERT INTO room_stats_state (room_id, name, guest_access) VALUES (?, 'old', 'can_join')",
        ROOM);

    assertThat(homeserver.stateStatistics())
        .containsEntry("guest_access", "can_join")
        .containsEntry("name", null)
        .containsEntry("is_federatable", true);
  }

  @Test
  void writesNoGuestAccess() {
    homeserver.state("m.room.guest_access", "{\"guest_access\":\"forbidden\"}");

    assertThat(homeserver.stateStatistics()).containsEntry("guest_access", null);
  }

  @ParameterizedTest
  @CsvSource({
    "m.room.name, name, name,",
    "m.room.topic, topic, topic,",
    "m.room.avatar, url, avatar,",
    "m.room.canonical_alias, alias, canonical_alias,",
    "m.room.encryption, algorithm, encryption,",
    "m.room.join_rules, join_rule, join_rules, x",
    "m.room.history_visibility, history_visibility, history_visibility, x",
    "m.room.create, type, room_type, x",
  })
  void leavesWhatARedactionLeaves(String type, String key, String column, String expected) {
    var event = homeserver.state(type, "{\"%s\":\"x\"}".formatted(key));
    homeserver.redaction(ROOM, ALICE, event);

    assertThat(homeserver.stateStatistics()).containsEntry(column, expected);
  }

  @Test
  void ignoresARedactionInAnotherRoom() {
    homeserver.room("!other:sample.test");
    homeserver.redaction(
        "!other:sample.test", ALICE, homeserver.state("m.room.name", "{\"name\":\"x\"}"));

    assertThat(homeserver.stateStatistics()).containsEntry("name", "x");
  }

  @ParameterizedTest
  @CsvSource({
    "@moderator:sample.test, true,",
    "@moderator:other.test, true, x",
    "@moderator:sample.test:8448, true, x",
    "@moderator:other.test, false,",
  })
  void looksAtTheSenderOfARedactionThatIsToBeRechecked(
      String sender, boolean recheck, String expected) {
    var name = homeserver.state("m.room.name", "{\"name\":\"x\"}");
    homeserver.internalMetadata(
        homeserver.redaction(ROOM, sender, name), "{\"recheck_redaction\":%s}".formatted(recheck));

    assertThat(homeserver.stateStatistics()).containsEntry("name", expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM events WHERE event_id = ?",
        "DELETE FROM event_json WHERE event_id = ?",
        "INSERT INTO rejections VALUES (?, 'auth_error', '0')",
        "UPDATE event_json SET json = '{' WHERE event_id = ?",
        "UPDATE event_json SET internal_metadata = '{' WHERE event_id = ?",
        "UPDATE event_json SET format_version = 1 WHERE event_id = ?",
      })
  void ignoresARedactionThatCannotBeRead(String change) {
    var name = homeserver.state("m.room.name", "{\"name\":\"x\"}");
    homeserver.sql(change, homeserver.redaction(ROOM, ALICE, name));

    assertThat(homeserver.stateStatistics()).containsEntry("name", "x");
  }

  @Test
  void findsTheRedactionThatCountsAmongOthers() {
    var name = homeserver.state("m.room.name", "{\"name\":\"x\"}");
    homeserver.sql(
        "DELETE FROM events WHERE event_id = ?", homeserver.redaction(ROOM, ALICE, name));
    homeserver.redaction(ROOM, ALICE, name);

    assertThat(homeserver.stateStatistics()).containsEntry("name", null);
  }
}
