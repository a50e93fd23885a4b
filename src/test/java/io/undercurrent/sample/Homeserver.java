package io.undercurrent.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;

/** A homeserver's empty tables, and one room after the other for them. */
final class Homeserver {

  static final String SERVER_NAME = "sample.test";
  static final String ROOM = "!room:sample.test";
  static final String ALICE = "@alice:sample.test";

  private final Database database;
  private int events;

  Homeserver(Database database) {
    this.database = database;
    database
        .transactions()
        .executeWithoutResult(
            status -> {
              execute("db/sample/1-tables.sql");
              execute("db/sample/6-indexes.sql");
            });
  }

  private void execute(String script) {
    try {
      sql(new ClassPathResource(script).getContentAsString(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes rows; each {@code ?} stands for a value. */
  void sql(String sql, Object... values) {
    database.jdbc().sql(sql).params(Arrays.asList(values)).update();
  }

  /** Adds a room of a version with event format 3. */
  void room(String room) {
    sql("INSERT INTO rooms (room_id, room_version) VALUES (?, '9')", room);
  }

  /** Adds an event to {@link #ROOM}'s current state. */
  String state(String type, String content) {
    return state(ROOM, type, "", content);
  }

  /** Adds an event to a room's current state. */
  String state(String room, String type, String stateKey, String content) {
    var event = event(room, type, ALICE, content);
    sql("INSERT INTO current_state_events VALUES (?, ?, ?, ?)", event, room, type, stateKey);
    return event;
  }

  /** Adds a member to {@link #ROOM}. */
  String member(String user, String membership) {
    var event = state(ROOM, "m.room.member", user, "{\"membership\":\"%s\"}".formatted(membership));
    sql("UPDATE current_state_events SET membership = ? WHERE event_id = ?", membership, event);
    return event;
  }

  /** Adds a redaction of an event. */
  String redaction(String room, String sender, String redacted) {
    var event = event(room, "m.room.redaction", sender, "{}");
    sql("INSERT INTO redactions (event_id, redacts) VALUES (?, ?)", event, redacted);
    return event;
  }

  private String event(String room, String type, String sender, String content) {
    var event = "$" + ++events;
    sql(
        """
        INSERT INTO events (
          topological_ordering, event_id, type, room_id, processed, outlier, sender, stream_ordering)
        VALUES (1, ?, ?, ?, true, false, ?, ?)""",
        event,
        type,
        room,
        sender,
        events);
    sql(
        "INSERT INTO event_json VALUES (?, ?, '{}', ?, 3)",
        event,
        room,
        "{\"type\":\"%s\",\"room_id\":\"%s\",\"sender\":\"%s\",\"content\":%s}"
            .formatted(type, room, sender, content));
    return event;
  }

  /** The text that the homeserver keeps of an event. */
  void json(String event, String json) {
    sql("UPDATE event_json SET json = ? WHERE event_id = ?", json, event);
  }

  /** What the homeserver notes about an event. */
  void internalMetadata(String event, String json) {
    sql("UPDATE event_json SET internal_metadata = ? WHERE event_id = ?", json, event);
  }

  /** Computes and reads {@link #ROOM}'s row of {@code room_stats_state}. */
  Map<String, Object> stateStatistics() {
    return statistics("room_stats_state");
  }

  /** Computes and reads {@link #ROOM}'s row of {@code room_stats_current}. */
  Map<String, Object> currentStatistics() {
    return statistics("room_stats_current");
  }

  private Map<String, Object> statistics(String table) {
    new JobRunner(database, SERVER_NAME).writeStatistics(List.of(ROOM));
    return database
        .jdbc()
        .sql("SELECT * FROM " + table + " WHERE room_id = ?")
        .param(ROOM)
        .query()
        .singleRow();
  }
}
