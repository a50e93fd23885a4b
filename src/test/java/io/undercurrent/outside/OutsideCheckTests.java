package io.undercurrent.outside;

import static io.undercurrent.testing.Engine.createTable;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.Concern;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.kind.UpdateOptions;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@PostgresTest
class OutsideCheckTests {

  private Database database;

  @BeforeEach
  void createTokens(Database database) {
    this.database = database;
    createTable(database, "tokens", 10);
    Rows.run(
        database,
        "CREATE SCHEMA \"App\"",
        "CREATE TYPE \"App\".\"Mood\" AS ENUM ('sad')",
        "CREATE TABLE \"App\".\"Orders\" (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE orders_1 PARTITION OF \"App\".\"Orders\" FOR VALUES FROM (1) TO (10)",
        "CREATE MATERIALIZED VIEW totals AS SELECT 1 AS n");
  }

  @Test
  void takesWhatMayBeRepeated() {
    assertThat(
            check(
                "VACUUM tokens",
                "vacuum (analyze, full off) tokens, \"App\".\"Orders\" (id)",
                "VACUUM FREEZE VERBOSE /* all */ tokens",
                "ANALYZE VERBOSE tokens (n); -- only n",
                "REINDEX (VERBOSE) TABLE CONCURRENTLY \"App\".\"Orders\"",
                "REINDEX (CONCURRENTLY) INDEX tokens_pkey",
                "REFRESH MATERIALIZED VIEW CONCURRENTLY totals",
                "DROP INDEX CONCURRENTLY IF EXISTS tokens_gone",
                "ALTER TYPE \"App\".\"Mood\" ADD VALUE IF NOT EXISTS 'happy' BEFORE 'sad'",
                "CHECKPOINT"))
        .isEmpty();
  }

  @Test
  void refusesWhatMayNotBeRepeated() {
    var expected =
        "expected a statement that may be repeated after a crash: VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH MATERIALIZED VIEW, DROP INDEX CONCURRENTLY IF EXISTS, ALTER TYPE ... ADD VALUE IF NOT EXISTS or CHECKPOINT; found ";

    assertThat(
            check(
                "BEGIN",
                "SET work_mem = '1GB'",
                "CALL clean_up()",
                "CREATE INDEX CONCURRENTLY i ON tokens (n)",
                "DROP INDEX CONCURRENTLY tokens_n",
                "ALTER TYPE \"App\".\"Mood\" ADD VALUE 'happy'",
                "DELETE FROM tokens",
                "VACUUM tokens; ANALYZE tokens"))
        .containsExactly(
            "11: " + expected + "'BEGIN'. There is no transaction to begin or end",
            "12: "
                + expected
                + "'SET WORK_MEM'. Each statement has a session of its own, on which a setting would be lost",
            "13: "
                + expected
                + "'CALL CLEAN_UP'. What commits in between would begin again after a crash; chunks with 'read:' and 'write:' go on where they were",
            "14: "
                + expected
                + "'CREATE INDEX'. Build an index with 'create-index:', which finds what an earlier try has left",
            "15: "
                + expected
                + "'DROP INDEX'. Drop an index with: DROP INDEX CONCURRENTLY IF EXISTS",
            "16: " + expected + "'ALTER TYPE'. 'run:' has statements that run in one transaction",
            "17: " + expected + "'DELETE FROM'. 'run:' has statements that run in one transaction",
            "18: expected one statement, found a second one after ';'. Make it a list with an entry for each");
  }

  @Test
  void refusesWhatWouldBeDoneInPart() {
    assertThat(
            check(
                "VACUUM",
                "VACUUM (SKIP_LOCKED) tokens",
                "ANALYZE",
                "REINDEX DATABASE CONCURRENTLY shop",
                "CLUSTER",
                "VACUUM :table"))
        .containsExactly(
            "11: expected tables after VACUUM: without, it takes all tables of the database, and skips those that the role may not. Name them",
            "12: expected no SKIP_LOCKED: what it skips would not be done. Leave it out",
            "13: expected tables after ANALYZE: without, it takes all tables of the database, and skips those that the role may not. Name them",
            "14: expected REINDEX INDEX or REINDEX TABLE, found REINDEX DATABASE, which skips what it cannot do. Name the tables, each with a statement of its own",
            "15: expected a table after CLUSTER: without, it takes all tables that were clustered before. Name it",
            "16: expected no values, found ':table': such a statement takes none. Write it out");
  }

  @Test
  void looksForWhatIsNamed() {
    assertThat(
            check(
                "VACUUM halls",
                "VACUUM tokens_pkey",
                "REINDEX INDEX CONCURRENTLY tokens",
                "ALTER TYPE mod ADD VALUE IF NOT EXISTS 'a'",
                "VACUUM tokens now"))
        .containsExactly(
            "11: relation \"halls\" does not exist (SQLSTATE 42P01)",
            "12: expected a table, found tokens_pkey, which is none",
            "13: expected an index, found tokens, which is none",
            "14: type \"mod\" does not exist (SQLSTATE 42704)",
            "15: syntax error at or near \"now\" (SQLSTATE 42601)");
  }

  @Test
  void looksForThePrivileges(TestDatabases databases) {
    var janitor = databases.as("janitor", database);
    Rows.run(
        database,
        "GRANT USAGE ON SCHEMA \"App\" TO janitor",
        "ALTER TABLE \"App\".\"Orders\" OWNER TO janitor",
        "ALTER TABLE orders_1 OWNER TO CURRENT_USER");
    var owner = Rows.of(database, "SELECT CURRENT_USER").get(0);
    var sentence =
        "%d: expected a role that may %s %s, found one that may not: %s belongs to '"
            + owner
            + "'. Grant that role to it, or from PostgreSQL 17 on: GRANT MAINTAIN ON %s";

    assertThat(check(janitor, "VACUUM tokens", "REINDEX TABLE CONCURRENTLY \"App\".\"Orders\""))
        .containsExactly(
            sentence.formatted(11, "VACUUM", "tokens", "tokens", "tokens"),
            sentence.formatted(12, "REINDEX TABLE", "\"App\".\"Orders\"", "orders_1", "orders_1"));
  }

  @Test
  void warnsOfStrongLocks() {
    var allow = "; if that is meant, say so with: allow: [strong-lock]";
    var vacuum = "VACUUM without FULL lets it work, and gives space back for new rows" + allow;

    assertThat(
            check(
                "VACUUM (FULL) tokens",
                "CLUSTER tokens USING tokens_pkey",
                "REINDEX TABLE tokens",
                "REFRESH MATERIALIZED VIEW totals"))
        .containsExactly(
            "11: VACUUM keeps the application from tokens until it is done. " + vacuum,
            "12: CLUSTER keeps the application from tokens until it is done. " + vacuum,
            "13: REINDEX TABLE keeps the application from tokens until it is done. Use REINDEX TABLE CONCURRENTLY"
                + allow,
            "14: REFRESH MATERIALIZED VIEW keeps the application from totals until it is done. Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view"
                + allow);
  }

  @Test
  void saysNothingOfStrongLocksThatAreAllowed() {
    var options =
        UpdateOptions.NONE.with(Duration.ofSeconds(1), null).allowing(Set.of(Concern.STRONG_LOCK));

    assertThat(check(database, options, "VACUUM FULL tokens")).isEmpty();
  }

  @Test
  void dropsWhatACancelledReindexHasLeft() {
    Rows.run(
        database,
        "CREATE INDEX orders_1_pkey_ccnew ON orders_1 (id)",
        "CREATE INDEX orders_1_n_ccnew ON orders_1 (id)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_1_pkey_ccnew'::regclass");
    var statements =
        List.of(
            OutsideStatement.of("VACUUM tokens", Map.of()),
            OutsideStatement.of("REINDEX TABLE CONCURRENTLY \"App\".\"Orders\"", Map.of()));

    assertThat(new CancelledStatements(database, statements, TimeSource.SYSTEM).clear(false))
        .hasValue(
            "What a broken-off REINDEX had left has been dropped: public.orders_1_pkey_ccnew");
    assertThat(new CancelledStatements(database, statements, TimeSource.SYSTEM).clear(false))
        .isEmpty();
    assertThat(Rows.of(database, "SELECT to_regclass('orders_1_n_ccnew')")).doesNotContainNull();
  }

  private List<String> check(String... statements) {
    return check(database, statements);
  }

  private static List<String> check(Database database, String... statements) {
    return check(database, UpdateOptions.NONE, statements);
  }

  /** Statements from line 11 on. */
  private static List<String> check(
      Database database, UpdateOptions options, String... statements) {
    var line = new int[] {10};
    var sql = Arrays.stream(statements).map(text -> new Sql(text, ++line[0])).toList();
    var update = new UpdateDefinition("tidy", null, options, new OutsideStatements(sql), 10);
    var session = new SingleConnectionDataSource(database.connect("test"), true);
    try {
      return new UpdateCheck(new JdbcTemplate(session), Map.of("table", "tokens"), Beans.NONE)
          .check(update).stream()
              .map(problem -> problem.line() + ": " + problem.message())
              .toList();
    } finally {
      session.destroy();
    }
  }
}
