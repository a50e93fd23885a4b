package io.undercurrent.rows;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.table;
import static io.undercurrent.page.Reading.tableWhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.page.KeysetPages;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@PostgresTest
class GuardTests {

  private static final String RENAME =
      "UPDATE rooms SET name = 'x' FROM chunk WHERE rooms.id = chunk.id";
  private static final String DELETE = "DELETE FROM rooms USING chunk WHERE rooms.id = chunk.id";
  private static final String COPY = "INSERT INTO archive SELECT id FROM chunk";

  @BeforeEach
  void createTables(Database database) {
    Rows.run(
        database,
        "CREATE TABLE rooms (id int PRIMARY KEY, name text)",
        "CREATE TABLE archive (id int PRIMARY KEY, name text)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // nothing that is read is changed
        "name IS NULL | -                                                          | - | copy   | unlocked",
        "-            | SELECT DISTINCT id FROM rooms                              | - | copy   | unlocked",
        // a key is all that is read, and one statement looks at the row
        "-            | -                                                          | - | rename | unlocked",
        "-            | SELECT id FROM rooms                                       | - | rename | unlocked",
        // the row may change after it was found
        "name IS NULL | -                                                          | - | rename | locked",
        "-            | SELECT id FROM rooms WHERE name IS NULL                    | - | rename | locked",
        "-            | SELECT id FROM rooms WHERE id < 9                          | - | rename | locked",
        "-            | SELECT id, name FROM rooms                                 | - | copy   | locked",
        "-            | -                                                          | - | both   | locked",
        "-            | -                                                          | p | rename | locked",
        "-            | -                                                          | - | bean   | locked",
        "-            | SELECT a.id FROM rooms a JOIN archive b USING (id)         | - | all    | locked",
        // it cannot be locked, or others with it
        "-            | SELECT DISTINCT id FROM rooms                              | - | rename | repeatable",
        "-            | SELECT id FROM rooms GROUP BY id HAVING count(*) > 1       | - | rename | repeatable",
        "-            | SELECT id FROM (SELECT id, row_number() OVER () AS n FROM rooms) q WHERE n > 1 | - | rename | repeatable",
        "-            | SELECT a.id FROM rooms a JOIN archive b USING (id)         | - | rename | repeatable",
        "-            | SELECT a.id FROM rooms a JOIN archive b USING (id)         | - | bean   | repeatable"
      })
  void keepsWhatOthersCommitAfterTheRead(
      @Nullable String where,
      @Nullable String sql,
      @Nullable String process,
      String write,
      String expected,
      Database database) {
    var read =
        sql != null
            ? query(sql, "id")
            : where != null ? tableWhere(where, "rooms", "id") : table("rooms", "id");

    assertThat(kind(guard(jdbc(database), read, process, write(write)))).isEqualTo(expected);
  }

  private static Write write(String name) {
    return switch (name) {
      case "copy" -> statements(COPY);
      case "rename" -> statements(RENAME);
      case "both" -> statements(COPY, DELETE);
      case "all" ->
          statements(
              RENAME, "UPDATE archive SET name = 'x' FROM chunk WHERE archive.id = chunk.id");
      default -> new Write.Bean(name);
    };
  }

  @Test
  void leavesRowsUnlockedThatMayBeGone(Database database) {
    var work = new ReadWrite(table("rooms", "id"), null, write("rename"), new ChangedPerItem(0, 1));
    var pages = KeysetPages.of(jdbc(database), work.read(), Map.of());

    assertThat(kind(Guard.of(jdbc(database), work, pages, Map.of()))).isEqualTo("unlocked");
  }

  @Test
  void keepsRowsThatHaveToBeThere(Database database) {
    var work = new ReadWrite(table("rooms", "id"), null, write("rename"), new ChangedPerItem(1, 1));
    var pages = KeysetPages.of(jdbc(database), work.read(), Map.of());

    assertThat(kind(Guard.of(jdbc(database), work, pages, Map.of()))).isEqualTo("locked");
  }

  @Test
  void reachesForNothingThatTheRoleMayNotDo(Database database) {
    Rows.run(
        database,
        "CREATE ROLE reader",
        "GRANT SELECT ON rooms TO reader",
        "GRANT ALL ON archive TO reader");
    var session = new SingleConnectionDataSource(database.connect("test"), true);
    var jdbc = new JdbcTemplate(session);
    jdbc.execute("SET ROLE reader");
    var read = tableWhere("name IS NULL", "rooms", "id");

    assertThat(kind(guard(jdbc, read, null, statements(COPY)))).isEqualTo("unlocked");
    assertThat(kind(guard(jdbc, read, null, new Write.Bean("bean")))).isEqualTo("repeatable");
    session.destroy();
    Rows.run(database, "DROP OWNED BY reader", "DROP ROLE reader");
  }

  @Test
  void namesThePrivilegeThatALockNeeds(Database database) {
    Rows.run(database, "CREATE ROLE deleter", "GRANT SELECT, DELETE ON rooms TO deleter");
    var session = new SingleConnectionDataSource(database.connect("test"), true);
    var jdbc = new JdbcTemplate(session);
    jdbc.execute("SET ROLE deleter");
    var message =
        "expected the privilege UPDATE on what 'read' names, whose rows are locked until they are written, found: permission denied for table rooms (SQLSTATE 42501). Grant it to the role";

    for (var read :
        List.of(
            tableWhere("name IS NULL", "rooms", "id"),
            query("SELECT id FROM rooms WHERE name IS NULL", "id"),
            query("SELECT id, name FROM rooms", "id"))) {
      assertThatThrownBy(() -> guard(jdbc, read, null, statements(DELETE)))
          .isInstanceOf(RefusedException.class)
          .hasMessage(message);
    }
    session.destroy();
    Rows.run(database, "DROP OWNED BY deleter", "DROP ROLE deleter");
  }

  @Test
  void locksTablesWithPartsBeforeAnythingTakesASnapshot(Database database) {
    Rows.run(
        database,
        "CREATE TABLE days (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE days_1 PARTITION OF days DEFAULT",
        "CREATE TABLE \"Old rooms\" () INHERITS (rooms)");
    var onBoth =
        guard(
            jdbc(database),
            query("SELECT DISTINCT id FROM rooms", "id"),
            null,
            statements(RENAME, "DELETE FROM days USING chunk WHERE days.id = chunk.id"));
    var onNeither = guard(jdbc(database), table("archive", "id"), null, statements(COPY));

    assertThat(onBoth.begin(Duration.ofSeconds(2)))
        .startsWith("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;")
        .containsSubsequence(
            "RESET ROLE;",
            "SET LOCAL lock_timeout = 2000;",
            "LOCK TABLE public.days, public.rooms IN ACCESS SHARE MODE;",
            "DISCARD TEMP;",
            "SELECT");
    assertThat(onNeither.begin(Duration.ofSeconds(2))).isEqualTo(SessionSettings.BEGIN_AFRESH);
  }

  private static String kind(Guard guard) {
    if (guard.repeatable()) {
      return "repeatable";
    }
    return guard.pages().sql().lock().isEmpty() ? "unlocked" : "locked";
  }

  private static Guard guard(JdbcTemplate jdbc, Read read, @Nullable String process, Write write) {
    var work = new ReadWrite(read, process, write);
    return Guard.of(jdbc, work, KeysetPages.of(jdbc, work.read(), Map.of()), Map.of());
  }

  private static Write.Statements statements(String... sql) {
    return new Write.Statements(Arrays.stream(sql).map(text -> new Sql(text, 1)).toList());
  }
}
