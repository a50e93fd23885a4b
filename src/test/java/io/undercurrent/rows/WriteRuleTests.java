package io.undercurrent.rows;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.table;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.page.Read;
import io.undercurrent.page.Reading;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class WriteRuleTests {

  private static final Read ROOMS = table("rooms", "id");

  private Database database;

  @BeforeEach
  void createTables(Database database) {
    this.database = database;
    Rows.run(
        database,
        "CREATE TABLE rooms (id int PRIMARY KEY, name text)",
        "CREATE TABLE users (id int PRIMARY KEY, room_id int, \"Id\" int)",
        "CREATE VIEW open_rooms AS SELECT * FROM rooms",
        "CREATE SCHEMA app",
        "CREATE TABLE app.events (id int, day int, n int, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
        "CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM (1) TO (2)",
        "CREATE FUNCTION bump() RETURNS void LANGUAGE sql AS 'UPDATE rooms SET name = name || 1'",
        "CREATE FUNCTION app.bump(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE rooms SET name = name || 'x'",
        "DELETE FROM rooms WHERE name = 'chunk'",
        "INSERT INTO rooms VALUES (1, 'one')",
        "WITH few AS (SELECT id FROM chunk) UPDATE rooms SET name = ''",
        "WITH gone AS (DELETE FROM rooms RETURNING id) SELECT id FROM gone",
        "UPDATE open_rooms SET name = ''",
        "UPDATE rooms SET name = '' FROM chunk",
        "UPDATE rooms SET name = '' FROM chunk WHERE rooms.id > 0",
        "UPDATE rooms SET name = '' WHERE EXISTS (SELECT FROM chunk)",
        "UPDATE rooms SET name = (SELECT max(id) FROM chunk)::text",
        "UPDATE rooms SET name = (SELECT c.id FROM chunk c WHERE c.id = rooms.id)::text",
        "UPDATE rooms SET name = '' FROM rooms o JOIN chunk USING (id)",
        "UPDATE rooms SET name = '' FROM users, chunk WHERE rooms.id = users.room_id",
        "DELETE FROM rooms USING chunk WHERE rooms.name = ''",
        "MERGE INTO rooms r USING chunk c ON r.id = 1 WHEN MATCHED THEN DELETE"
      })
  void refusesAStatementThatChangesRowsWhateverTheChunkHolds(String sql) {
    Reading.assumeKnown(database, sql);

    assertThatThrownBy(() -> check(ROOMS, sql))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected a statement that changes only the rows of its chunk, found one that changes rows of rooms whatever the chunk holds: each chunk would change them again. Compare columns of rooms with columns of 'chunk', or make it a 'run:' update of its own");
  }

  @Test
  void refusesWhatARuleMakesOfAStatementWithoutTheChunk() {
    Rows.run(
        database,
        "CREATE RULE kept AS ON DELETE TO rooms DO INSTEAD UPDATE users SET room_id = NULL",
        "CREATE RULE nothing AS ON DELETE TO users DO INSTEAD NOTHING");

    assertThatThrownBy(() -> check(ROOMS, "DELETE FROM rooms"))
        .hasMessageContaining("found one that changes rows of users whatever the chunk holds");
    assertThatCode(() -> check(ROOMS, "DELETE FROM users")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT bump()", "SELECT 1 FROM rooms WHERE APP.\"bump\"(id) = 1"})
  void refusesACallOfAFunctionThatMayChangeAnything(String sql) {
    assertThatThrownBy(() -> check(ROOMS, sql))
        .hasMessage(
            "expected a statement that uses the relation 'chunk', found one that calls bump() without it: whatever that changes, each chunk would change it again. Give it the chunk's rows, add 'FROM (SELECT FROM chunk LIMIT 1) AS once' if it belongs to each chunk, or make it a 'run:' update of its own");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT pg_notify('rooms', 'filled')",
        "SELECT set_config('app.tenant', (SELECT max(name) FROM rooms), true)",
        "SELECT bump() FROM (SELECT FROM chunk LIMIT 1) AS once",
        "UPDATE rooms r SET name = '' WHERE id = ANY (ARRAY(SELECT id FROM chunk))",
        "UPDATE rooms r SET name = '' WHERE id = ANY (SELECT id FROM chunk)",
        "UPDATE rooms r SET name = '' WHERE id NOT IN (SELECT id FROM chunk)",
        "UPDATE rooms r SET name = '' WHERE id BETWEEN (SELECT min(id) FROM chunk) AND (SELECT max(id) FROM chunk)",
        "UPDATE rooms r SET name = '' FROM chunk c WHERE r.id > c.id AND r.id <= c.id + 1",
        "DELETE FROM rooms WHERE ctid = ANY (ARRAY(SELECT (SELECT r.ctid FROM rooms r WHERE r.id = c.id) FROM chunk c))",
        "WITH few AS MATERIALIZED (SELECT id FROM chunk) DELETE FROM rooms k USING few WHERE k.id = few.id",
        "UPDATE rooms SET name = '' FROM users u JOIN chunk c ON u.room_id = c.id WHERE rooms.id = u.room_id",
        "UPDATE rooms SET name = n.name FROM chunk c CROSS JOIN LATERAL (SELECT max(\"Id\")::text AS name FROM users WHERE room_id = c.id OFFSET 0) n WHERE rooms.id = c.id",
        "UPDATE rooms r SET name = '' FROM rooms o, LATERAL (SELECT 'x' AS name FROM chunk c WHERE c.id = o.id OFFSET 0) n WHERE r.id = o.id",
        "UPDATE app.events e SET n = 1 FROM chunk c WHERE e.id = c.id",
        "WITH gone AS (DELETE FROM rooms USING chunk c WHERE rooms.id = c.id RETURNING rooms.id) UPDATE users SET room_id = NULL FROM gone WHERE gone.id = users.room_id",
        "UPDATE rooms SET name = '' WHERE EXISTS (SELECT FROM chunk c WHERE c.id = rooms.id)",
        "MERGE INTO rooms USING chunk ON rooms.id = chunk.id WHEN MATCHED THEN UPDATE SET name = ''",
        "UPDATE users SET id = 1, room_id = 2 FROM chunk WHERE users.room_id = chunk.id",
        "INSERT INTO rooms AS r SELECT id FROM chunk ON CONFLICT (id) DO UPDATE SET name = ''"
      })
  void letsStatementsPassThatDoNoHarm(String sql) {
    Reading.assumeKnown(database, sql);

    assertThatCode(() -> check(ROOMS, sql)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE rooms SET id = rooms.id + 1 FROM chunk WHERE rooms.id = chunk.id",
        "UPDATE ONLY public.rooms AS r SET name = '', \"id\" = 1 FROM chunk WHERE r.id = chunk.id",
        "UPDATE rooms SET (name, ID) = ('', 1) FROM chunk WHERE rooms.id = chunk.id",
        "INSERT INTO rooms SELECT id FROM chunk ON CONFLICT (id) DO UPDATE SET id = excluded.id + 1",
        "MERGE INTO rooms r USING chunk ON r.id = chunk.id WHEN MATCHED THEN UPDATE SET id = 1",
        "WITH moved AS (UPDATE rooms SET id = 1 FROM chunk WHERE rooms.id = chunk.id) SELECT 1",
        "UPDATE open_rooms r SET id = 1 FROM chunk WHERE r.id = chunk.id",
        "UPDATE rooms SET id = rooms.id FROM chunk WHERE rooms.id = chunk.id"
      })
  void refusesASetOfTheKey(String sql) {
    Reading.assumeKnown(database, sql);

    assertThatThrownBy(() -> check(ROOMS, sql))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected the key that 'read' names to stay as it is, found SET of 'id' in rooms: rows whose key changes would be read again, or skipped. Read by another unique key, one that stays");
  }

  @Test
  void refusesItInAPartitionOfWhatIsRead() {
    var events = table("app.events", "id", "day");

    for (var table : new String[] {"app.events", "app.events_1"}) {
      assertThatThrownBy(
              () -> check(events, "UPDATE %s e SET id = 1 FROM chunk c WHERE e.id = c.id", table))
          .hasMessageContaining("found SET of 'id' in app.events");
    }
    assertThatThrownBy(
            () ->
                check(
                    table("app.events_1", "id", "day"),
                    "UPDATE app.events e SET day = 1 FROM chunk c WHERE e.id = c.id"))
        .hasMessageContaining("found SET of 'day' in app.events");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id AS room FROM rooms",
        "SELECT DISTINCT r.id AS room FROM rooms r JOIN users USING (id) LIMIT 10",
        "WITH r AS (SELECT id AS room FROM rooms) SELECT room FROM r GROUP BY room",
        "SELECT id AS room FROM open_rooms"
      })
  void knowsWhereTheKeyOfAQueryComesFrom(String sql) {
    var read = query(sql, "room");

    assertThatThrownBy(
            () -> check(read, "UPDATE rooms SET id = 1 FROM chunk WHERE rooms.id = chunk.room"))
        .hasMessageContaining("found SET of 'id' in rooms");
    assertThatCode(() -> check(read, "UPDATE rooms SET name = '' FROM chunk WHERE id = chunk.room"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE users SET id = 1 FROM chunk WHERE users.room_id = chunk.id",
        "UPDATE rooms SET name = 'id = 1' FROM chunk WHERE rooms.id = chunk.id"
      })
  void letsAQuerysOtherColumnsAndTablesBeSet(String sql) {
    var read = query("SELECT rooms.id, lower(name) AS small FROM rooms", "id", "small");
    Rows.run(database, "ALTER TABLE users ADD small text");

    assertThatCode(() -> check(read, sql)).doesNotThrowAnyException();
  }

  private void check(Read read, String sql, Object... parts) {
    var pages = Reading.pages(database, read);
    new WriteRule(jdbc(database), read, pages, Map.of()).check(sql.formatted(parts));
  }
}
