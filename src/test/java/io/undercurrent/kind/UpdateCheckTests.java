package io.undercurrent.kind;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.table;
import static io.undercurrent.page.Reading.tableWhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.undercurrent.database.Database;
import io.undercurrent.index.CreateIndex;
import io.undercurrent.index.IndexPart;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateCheck.Problem;
import io.undercurrent.kind.UpdateCheck.Seriousness;
import io.undercurrent.page.Read;
import io.undercurrent.page.Walk;
import io.undercurrent.rows.ChangedPerItem;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@PostgresTest
class UpdateCheckTests {

  private static final Read ROOMS = table("rooms", "id");

  @BeforeEach
  void createTable(Database database) {
    Rows.run(
        database,
        "CREATE TABLE rooms (id int PRIMARY KEY, name text)",
        "INSERT INTO rooms VALUES (1, 'one'), (2, 'two')");
  }

  @Test
  void changesNothing(Database database) {
    var problems =
        check(
            database,
            readWrite(
                query("SELECT id, name FROM rooms", "id"),
                "DELETE FROM rooms USING chunk WHERE rooms.id = chunk.id RETURNING rooms.id",
                "INSERT INTO rooms SELECT 3, :server FROM chunk"),
            run("DROP TABLE rooms", "CREATE TABLE more (id int)", "DELETE FROM rooms"));

    assertThat(problems).isEmpty();
    assertThat(Rows.of(database, "SELECT name FROM rooms ORDER BY id"))
        .containsExactly("one", "two");
  }

  @Test
  void tellsEveryStatementThatDoesNotPrepareWithItsLine(Database database) {
    var problems =
        check(
            database,
            readWrite(
                ROOMS,
                "UPDATE rooms SET nme = 'x' FROM chunk WHERE rooms.id = chunk.id",
                "UPDATE rooms SET name = 'x' FROM chunk WHERE rooms.id = chunk.id",
                "UPDATE rooms SET name = 'x' FORM chunk"));

    assertThat(problems)
        .containsExactly(
            problem(11, "column \"nme\" of relation \"rooms\" does not exist (SQLSTATE 42703)"),
            problem(13, "syntax error at or near \"FORM\" (SQLSTATE 42601)"));
  }

  @Test
  void tellsWithTheLineOfTheConditionThatItIsVolatile(Database database) {
    var some = new Read.Table("rooms", List.of("id"), new Sql("random() < 0.5", 7));

    assertThat(check(database, readWrite(some, "SELECT 1")))
        .singleElement()
        .matches(problem -> problem.line() == 7)
        .extracting(Problem::message)
        .asString()
        .contains("found the volatile random().");
  }

  @Test
  void tellsThatAKeyIsNotFit(Database database) {
    assertThat(check(database, readWrite(table("rooms", "name"), "SELECT 1")))
        .containsExactly(
            problem(
                10,
                "expected the key (name) of table rooms to be unique, found no unique index over these columns. Rows with equal keys would be skipped; name a unique key"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nme IS NULL  | column \"nme\" does not exist (SQLSTATE 42703)",
        "name = :sever| unknown value ':sever'; known are [server, now]. Add it under 'values:'"
      })
  void tellsProblemsOfAConditionWithItsLine(String where, String message, Database database) {
    var read = new Read.Table("rooms", List.of("id"), new Sql(where, 5));

    assertThat(check(database, readWrite(read, "SELECT 1"))).containsExactly(problem(5, message));
  }

  @Test
  void tellsProblemsOfAQueryWithItsLine(Database database) {
    var read = new Read.Query(new Sql("SELECT idd FROM rooms", 6), List.of("id"));

    assertThat(check(database, readWrite(read, "SELECT 1")))
        .containsExactly(problem(6, "column \"idd\" does not exist (SQLSTATE 42703)"));
  }

  @Test
  void tellsWhereAWalkCannotBegin(Database database) {
    var walk =
        new Walk(
            List.of(new Sql("now()", 6)),
            List.of(new Sql("(SELECT max(idd) FROM rooms)", 7)),
            true);
    var read = new Read.Table("rooms", List.of("id"), null, walk);

    assertThat(check(database, readWrite(read, "SELECT 1")))
        .containsExactly(
            problem(6, "cannot cast type timestamp with time zone to integer (SQLSTATE 42846)"),
            problem(7, "column \"idd\" does not exist (SQLSTATE 42703)"));
  }

  @Test
  void tellsThatAQueryCannotLockWhatItReads(Database database) {
    var counted =
        new Read.Query(
            new Sql("SELECT id, count(*) AS n FROM rooms GROUP BY id", 6), List.of("id"));

    assertThat(check(database, readWrite(counted, "SELECT 1")))
        .containsExactly(
            problem(
                6,
                "expected a query whose rows can be locked, since it reads more than its key: [n]. Found: FOR NO KEY UPDATE is not allowed with GROUP BY clause (SQLSTATE 0A000). Read only the key, and look up the rest in 'write'"));
  }

  @Test
  void refusesAnOrderThatNoIndexGivesUnlessItIsAllowed(Database database) {
    Rows.run(
        database,
        "CREATE TABLE large AS SELECT g AS id FROM generate_series(1, 20000) AS g",
        "ANALYZE large");
    var read = new Read.Query(new Sql("SELECT id FROM large", 6), List.of("id"));
    var update = readWrite(read, "SELECT 1");
    var allowing = update.with(update.options().allowing(Set.of(Concern.SLOW_PLAN)));

    assertThat(check(database, update))
        .containsExactly(
            problem(
                6,
                "expected an index that gives the rows of 'read.sql' in the order of (id), found a plan that sorts about 20,000 rows and reads all of large, about 20,000 rows for each chunk. Build such an index before, with 'create-index:', or have a 'run:' before collect the keys in a table; if that is meant, say so with: allow: [slow-plan]"));
    assertThat(check(database, allowing)).isEmpty();
    var index = run("CREATE INDEX ON large (id)");
    var locking = index.with(index.options().allowing(Set.of(Concern.STRONG_LOCK)));
    assertThat(check(database, locking, update)).extracting(Problem::maker).containsExactly("run");
  }

  @Test
  void tellsWhatDoesNotFitTheTypesThatARunWillUse(Database database) {
    assertThat(check(database, run("DELETE FROM rooms WHERE id = :server")))
        .containsExactly(
            problem(11, "operator does not exist: integer = character varying (SQLSTATE 42883)"));
  }

  @Test
  void refusesToExpectChangesThatNobodyCounts(Database database) {
    var statements =
        new Write.Statements(
            sql(
                "UPDATE rooms SET name = 'x' FROM chunk WHERE rooms.id = chunk.id",
                "SELECT abs(id) FROM chunk",
                "WITH one AS (SELECT * FROM chunk) SELECT abs(id) FROM one"));
    var work = new ReadWrite(ROOMS, null, statements, new ChangedPerItem(0, 1));

    assertThat(check(database, update("fill", work)))
        .extracting(Problem::line, Problem::message)
        .containsExactly(tuple(12, NOT_COUNTED), tuple(13, NOT_COUNTED));
  }

  private static final String NOT_COUNTED =
      "expected INSERT, UPDATE, DELETE or MERGE with 'expect', found a SELECT, whose changes cannot be counted. Use one of those, or leave 'expect' out";

  @Test
  void tellsThePrivilegeThatALockNeeds(Database database) {
    Rows.run(database, "CREATE ROLE deleter", "GRANT SELECT, DELETE ON rooms TO deleter");
    var session = new SingleConnectionDataSource(database.connect("test"), true);
    var jdbc = new JdbcTemplate(session);
    jdbc.execute("SET ROLE deleter");
    var delete =
        readWrite(
            tableWhere("name IS NULL", "rooms", "id"),
            "DELETE FROM rooms USING chunk WHERE rooms.id = chunk.id");

    var problems = new UpdateCheck(jdbc, Map.of(), Beans.NONE).check(delete);

    session.destroy();
    Rows.run(database, "DROP OWNED BY deleter", "DROP ROLE deleter");
    assertThat(problems)
        .extracting(Problem::message)
        .containsExactly(
            "expected the privilege UPDATE on what 'read' names, whose rows are locked until they are written, found: permission denied for table rooms (SQLSTATE 42501). Grant it to the role");
  }

  @Test
  void tellsBeansThatDoNotExist(Database database) {
    var work = new ReadWrite(ROOMS, "lowercase", new Write.Bean("index"));

    assertThat(check(database, update("beans", work)))
        .containsExactly(
            problem(10, "expected a bean 'lowercase' of type ItemProcessor, found none"),
            problem(10, "expected a bean 'index' of type ItemWriter, found none"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN",
        "START TRANSACTION",
        "commit",
        "END",
        "ROLLBACK",
        "ABORT",
        "VACUUM rooms"
      })
  void refusesWhatHasNoPlaceInTheTransactionOfAOneShot(String sql, Database database) {
    assertThat(check(database, run("DELETE FROM rooms", "-- now\n" + sql)))
        .extracting(Problem::message)
        .containsExactly(
            "expected no '%s': the statements of 'run:' run in one transaction, which also records that they are done"
                    .formatted(sql.split(" ")[0].toUpperCase(Locale.ROOT))
                + (sql.startsWith("VACUUM")
                    ? ". 'outside-transaction:' runs such statements, each by itself"
                    : ""));
  }

  @Test
  void refusesWhatAOneShotCannotDoConcurrently(Database database) {
    assertThat(
            check(
                database,
                run(
                    "CREATE UNIQUE INDEX concurrently i ON rooms (room_id)",
                    "COMMENT ON TABLE rooms IS 'read concurrently'")))
        .containsExactly(
            problem(
                11,
                "expected no CONCURRENTLY: the statements of 'run:' run in one transaction. Build an index with 'create-index:', which does it concurrently"));
  }

  @Test
  void refusesSettingsThatOutliveTheTransactionOfAOneShot(Database database) {
    assertThat(
            check(
                database,
                run(
                    "SET /* for us */ search_path = pg_catalog",
                    "set session role nobody",
                    "SET LOCAL work_mem = '64MB'",
                    "SET CONSTRAINTS ALL DEFERRED")))
        .containsExactly(
            problem(
                11,
                "expected SET LOCAL, found 'SET SEARCH_PATH': the session ends with the update"),
            problem(
                12, "expected SET LOCAL, found 'SET SESSION': the session ends with the update"));
  }

  @Test
  void waitsForWhatAnEarlierStatementMayMake(Database database) {
    var problems =
        check(
            database,
            run("DELETE FROM old_rooms"),
            run("CREATE TABLE new_rooms (id int PRIMARY KEY)", "INSERT INTO new_rooms VALUES (1)"),
            readWrite(table("new_rooms", "id"), "SELECT 1"),
            readWrite(ROOMS, "INSERT INTO rooms VALUES (1, 2, 3)"));

    assertThat(problems)
        .containsExactly(
            problem(11, "relation \"old_rooms\" does not exist (SQLSTATE 42P01)"),
            waiting(12, "relation \"new_rooms\" does not exist (SQLSTATE 42P01)"),
            waiting(10, "relation \"new_rooms\" does not exist (SQLSTATE 42P01)"),
            problem(11, "INSERT has more expressions than target columns (SQLSTATE 42601)"));
  }

  @Test
  void waitsForTheKeyThatAnEarlierUpdateMayMake(Database database) {
    var unique =
        new CreateIndex(
            "public.rooms",
            "rooms_name",
            List.of(IndexPart.ofColumn("name")),
            null,
            true,
            null,
            List.of(),
            Map.of(),
            null,
            10);
    var upsert = "INSERT INTO rooms SELECT id FROM chunk ON CONFLICT (name) DO NOTHING";

    assertThat(
            check(
                database,
                readWrite(table("rooms", "name"), "SELECT 1"),
                update("unique", unique),
                readWrite(table("rooms", "name"), "SELECT 1"),
                readWrite(ROOMS, upsert, "UPDATE rooms SET name = ''")))
        .extracting(Problem::line, Problem::maker)
        .containsExactly(
            tuple(10, null), tuple(10, "unique"), tuple(11, "unique"), tuple(12, null));
  }

  @Test
  void findsAMissingPrivilegeOnlyInTheSameRole(Database database, TestDatabases databases) {
    var others = databases.as("stranger", database);

    assertThat(check(others, run("DELETE FROM rooms", "SET LOCAL ROLE NONE", "DELETE FROM rooms")))
        .containsExactly(problem(11, "permission denied for table rooms (SQLSTATE 42501)"));
  }

  private static Problem problem(int line, String message) {
    return new Problem(line, Seriousness.REFUSED, message, null, false);
  }

  private static Problem waiting(int line, String message) {
    return new Problem(line, Seriousness.REFUSED, message, "run", false);
  }

  private static List<Problem> check(Database database, UpdateDefinition... updates) {
    var check = new UpdateCheck(jdbc(database), Map.of("server", "example.org"), Beans.NONE);
    return List.of(updates).stream().flatMap(update -> check.check(update).stream()).toList();
  }

  private static UpdateDefinition readWrite(Read read, String... statements) {
    return update("fill", new ReadWrite(read, null, new Write.Statements(sql(statements))));
  }

  private static UpdateDefinition run(String... statements) {
    return update("run", new RunStatements(sql(statements)));
  }

  /** An update in line 10. */
  private static UpdateDefinition update(String name, Work work) {
    return new UpdateDefinition(name, null, 0, null, null, work, 10);
  }

  /** Statements from line 11 on. */
  private static List<Sql> sql(String... statements) {
    return IntStream.range(0, statements.length)
        .mapToObj(i -> new Sql(statements[i], 11 + i))
        .toList();
  }
}
