package io.undercurrent.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;

/** A homeserver's tables, empty but for the rooms and events that a test adds. */
final class Homeserver {

  static final String SERVER_NAME = "sample.test";
  static final String ALICE = "@alice:sample.test";

  private final Database database;
  private int rooms;
  private int events;

  private Homeserver(Database database) {
    this.database = database;
  }

  /** Makes one in a fresh database. */
  static Homeserver in(TestDatabases databases) {
    return new Homeserver(databases.createLike("homeserver", Homeserver::makeTables));
  }

  /** Makes one in a prepared database. */
  static Homeserver in(Database database) {
    makeTables(database);
    return new Homeserver(database);
  }

  private static void makeTables(Database database) {
    database.prepare(Changelog.HOMESERVER);
    database
        .transactions()
        .executeWithoutResult(
            status ->
                Rows.run(
                    database, script("db/sample/1-tables.sql"), script("db/sample/6-indexes.sql")));
  }

  private static String script(String path) {
    try {
      return new ClassPathResource(path).getContentAsString(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Database database() {
    return database;
  }

  /** Changes rows; each {@code ?} stands for a value. */
  void sql(String sql, @Nullable Object... values) {
    database.jdbc().sql(sql).params(Arrays.asList(values)).update();
  }

  /** Adds a room of a version with event format 3. */
  String room() {
    return room("9");
  }

  /** Adds a room. */
  String room(@Nullable String version) {
    var room = "!%d:sample.test".formatted(++rooms);
    sql("INSERT INTO rooms (room_id, room_version) VALUES (?, ?)", room, version);
    return room;
  }

  /** Adds an event to a room's current state. */
  String state(String room, String type, String content) {
    return state(room, type, "", content);
  }

  String state(String room, String type, String stateKey, String content) {
    var event = event(room, type, ALICE, content);
    sql("INSERT INTO current_state_events VALUES (?, ?, ?, ?)", event, room, type, stateKey);
    return event;
  }

  /** Adds a member to a room. */
  String member(String room, String user, @Nullable String membership) {
    var event = state(room, "m.room.member", user, "{\"membership\":\"%s\"}".formatted(membership));
    sql("UPDATE current_state_events SET membership = ? WHERE event_id = ?", membership, event);
    return event;
  }

  /** Adds a local user with a profile. */
  String user(String localpart, @Nullable String displayName) {
    var user = "@%s:%s".formatted(localpart, SERVER_NAME);
    sql("INSERT INTO users (name) VALUES (?)", user);
    sql("INSERT INTO profiles (user_id, displayname) VALUES (?, ?)", localpart, displayName);
    return user;
  }

  /** Has somebody join a room under a name. */
  String join(String room, String user, @Nullable String displayName) {
    var event = member(room, user, "join");
    sql(
        """
        INSERT INTO room_memberships (event_id, user_id, sender, room_id, membership, display_name)
        VALUES (?, ?, ?, ?, 'join', ?)""",
        event,
        user,
        user,
        room,
        displayName);
    return event;
  }

  /** Adds a room that nobody but its members may see, with so many local users in it. */
  String privateRoom(int members) {
    var room = room();
    sql(
        "INSERT INTO users (name) SELECT '@user' || i || ':sample.test' FROM generate_series(1, ?) i",
        members);
    sql(
        """
        INSERT INTO current_state_events (event_id, room_id, type, state_key, membership)
        SELECT '$' || name, ?, 'm.room.member', name, 'join'
          FROM users
         WHERE name LIKE '@user%'""",
        room);
    remember(room);
    return room;
  }

  /** Has so many users of another server join a room. */
  void strangers(String room, int members) {
    sql(
        """
        INSERT INTO current_state_events (event_id, room_id, type, state_key, membership)
        SELECT '$' || i || room, room, 'm.room.member', '@stranger' || i || ':other.test', 'join'
          FROM CAST(? AS text) room, generate_series(1, ?) i""",
        room,
        members);
    remember(room);
  }

  /** Writes down who has joined a room by its state. */
  private void remember(String room) {
    sql(
        """
        INSERT INTO room_memberships (event_id, user_id, sender, room_id, membership)
        SELECT event_id, state_key, state_key, room_id, membership
          FROM current_state_events
         WHERE room_id = ?
        ON CONFLICT DO NOTHING""",
        room);
    sql("ANALYZE");
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

  /** Has the statistics of some rooms computed. */
  void computeStatistics(List<String> rooms) {
    new JobRunner(database, SERVER_NAME).writeStatistics(rooms);
  }

  /** What {@code room_stats_state} and {@code room_stats_current} have on a room. */
  Map<String, Object> statistics(String room) {
    return database
        .jdbc()
        .sql(
            "SELECT * FROM room_stats_state JOIN room_stats_current USING (room_id) WHERE room_id = ?")
        .param(room)
        .query()
        .singleRow();
  }

  /** Computes a room's statistics and reads them. */
  Map<String, Object> computedStatistics(String room) {
    computeStatistics(List.of(room));
    return statistics(room);
  }

  /** Computes the statistics of some rooms and reads one column of them, in the rooms' order. */
  List<@Nullable Object> computed(String column, List<String> rooms) {
    computeStatistics(rooms);
    return rooms.stream().<@Nullable Object>map(room -> statistics(room).get(column)).toList();
  }
}
