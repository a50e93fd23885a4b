package io.undercurrent.constraint;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.undercurrent.database.Database;
import io.undercurrent.state.Reason;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class NotNullTests {

  private static final NotNull WORK = new NotNull("message", List.of("realm_id"), 1);
  private static final String ADDED =
      "ALTER TABLE message ADD CONSTRAINT undercurrent_not_null_realm_id CHECK (realm_id IS NOT NULL)";

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createTable(Database database) {
    this.database = database;
    Rows.run(
        database,
        "CREATE TABLE message (id bigint PRIMARY KEY, realm_id int, sender int)",
        "INSERT INTO message SELECT n, 1, 1 FROM generate_series(1, 100) AS n",
        "ANALYZE message");
  }

  @Test
  void makesAColumnNotNullInOneIteration() throws Exception {
    run(WORK);

    assertThat(columns()).containsExactly("id", "realm_id");
    assertThat(checks()).isEmpty();
    assertThat(script.events).containsExactly("on_update not_null master true", "enter", "exit");
    assertThat(steps()).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  /** SET NOT NULL says so where it need not look at the rows. */
  @Test
  void addsACheckThatSparesTheLookAtTheRows() throws Exception {
    Rows.run(
        database,
        "CREATE TYPE pair AS (one int, two int)",
        "ALTER TABLE message ADD fields pair DEFAULT ROW(1, NULL)");
    var work = new NotNull("message", List.of("realm_id", "fields"), 1);
    try (var session = database.connect("psql");
        var statement = session.createStatement()) {
      statement.execute("ALTER TABLE message " + work.addCheck());
      statement.execute("ALTER TABLE message " + Constraint.validate(work.check()));
      statement.execute("SET client_min_messages = debug1");
      statement.execute("ALTER TABLE message " + work.setNotNull());

      assertThat(
              Stream.iterate(statement.getWarnings(), Objects::nonNull, SQLWarning::getNextWarning))
          .extracting(SQLWarning::getMessage)
          .filteredOn(
              message -> message.contains("are sufficient to prove that it does not contain nulls"))
          .hasSize(2);
    }
  }

  @Test
  void makesSeveralColumnsNotNullAtOnceWhateverTheirNamesAndTypes() throws Exception {
    Rows.run(
        database,
        "CREATE SCHEMA \"My app\"",
        "CREATE TYPE pair AS (one int, two int)",
        "CREATE TABLE \"My app\".\"Message\" (\"Realm, id\" text, fields pair, other int)",
        "INSERT INTO \"My app\".\"Message\" VALUES ('', ROW(NULL, 1), NULL)");

    run(new NotNull("\"My app\".\"Message\"", List.of("Realm, id", "fields"), 1));

    assertThat(notNull("\"My app\".\"Message\"")).containsExactly("Realm, id", "fields");
    assertThat(checks()).isEmpty();
  }

  @Test
  void reachesPartitionsAndInheritanceChildren() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE parted (id int, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_first PARTITION OF parted FOR VALUES FROM (0) TO (50)",
        "CREATE TABLE parted_rest PARTITION OF parted DEFAULT",
        "INSERT INTO parted SELECT n, n FROM generate_series(1, 100) AS n",
        "CREATE TABLE child (realm_id int) INHERITS (message)");

    run(new NotNull("parted", List.of("n"), 1));
    run(WORK);

    assertThat(notNull("parted_first")).containsExactly("n");
    assertThat(notNull("parted_rest")).containsExactly("n");
    assertThat(notNull("child")).contains("realm_id");
    assertThat(checks()).isEmpty();
  }

  /** What a process may leave that dies in the middle. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ADDED + " NOT VALID",
        ADDED,
        ADDED + "; ALTER TABLE message ALTER realm_id SET NOT NULL",
        "ALTER TABLE message ALTER realm_id SET NOT NULL"
      })
  void goesOnWithWhatIsThere(String before) throws Exception {
    Rows.run(database, before);

    run(WORK);

    assertThat(columns()).containsExactly("id", "realm_id");
    assertThat(checks()).isEmpty();
  }

  @Test
  void validatesANotNullConstraintThatIsThere() throws Exception {
    assumeThat(ConstrainedTable.isServerSince(jdbc(database), 18)).isTrue();
    Rows.run(database, "ALTER TABLE message ADD CONSTRAINT has_realm NOT NULL realm_id NOT VALID");

    run(WORK);

    assertThat(
            Rows.of(
                database,
                "SELECT conname FROM pg_constraint WHERE contype = 'n' AND conrelid = CAST('message' AS regclass) AND convalidated AND conname = 'has_realm'"))
        .hasSize(1);
    assertThat(checks()).isEmpty();
  }

  @Test
  void namesTheFirstRowsWithNullAndChangesNothing() throws Exception {
    Rows.run(database, "UPDATE message SET realm_id = NULL WHERE id IN (7, 30, 5)");

    assertThat(error(WORK))
        .isEqualTo(
            "expected no NULL in (realm_id) of table message, found it in 3 rows, with id 5, 7, 30. Nothing was changed. Fill these rows, for example with 'update: {table: message, set: {realm_id: ...}, where: realm_id IS NULL}', then: retry not_null");
    assertThat(checks()).isEmpty();

    Rows.run(database, "UPDATE message SET realm_id = NULL");
    assertThat(error(WORK))
        .contains(
            "found it in more than 10 rows, the first with id 1, 2, 3, 4, 5, 6, 7, 8, 9, 10.");
  }

  @Test
  void dropsWhatItHasAddedIfTheValidationFindsNull() throws Exception {
    Rows.run(database, "UPDATE message SET realm_id = NULL WHERE id = 5", ADDED + " NOT VALID");
    try (var reader = OtherSession.begin(database)) {
      reader.run("SELECT FROM message");
      reader.commitOnceWaitedFor();

      assertThat(error(WORK))
          .startsWith(
              "expected no NULL in (realm_id) of table message, found it in 1 row, with id 5.")
          .contains("What the update had added was dropped again.");
    }
    assertThat(checks()).isEmpty();
  }

  @Test
  void hasNobodyWaitLongBehindItsLocks() throws Exception {
    try (var engine = engine(WORK).queue("not_null");
        var reader = OtherSession.begin(database);
        var application = database.connect("application")) {
      reader.run("SELECT FROM message");
      engine.run();
      Engine.await().until(() -> whyItWaits(engine).contains("a lock on message, blocked by pid"));
      while (lockTimeouts() < 3) {
        // Would never return if the lock were waited for as long as it takes.
        application.createStatement().execute("SELECT FROM message");
      }
      reader.close();
      engine.awaitEmptyQueue();
    }

    assertThat(columns()).containsExactly("id", "realm_id");
    assertThat(steps()).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  private static String whyItWaits(Engine engine) {
    return Reason.of(engine.why("not_null")).get(0).sentence();
  }

  private long lockTimeouts() {
    return script.events.stream().filter(event -> event.contains("due to lock timeout")).count();
  }

  @Test
  void isClearedAwayWhenCancelled() {
    assertThat(WORK.clear(database, false, TimeSource.SYSTEM)).isEmpty();
    Rows.run(database, ADDED + " NOT VALID");

    assertThat(WORK.clear(database, false, TimeSource.SYSTEM))
        .hasValue(
            "The CHECK 'undercurrent_not_null_realm_id', which the update had added to table message, has been dropped.");
    assertThat(checks()).isEmpty();
    assertThat(new NotNull("gone", List.of("n"), 1).clear(database, false, TimeSource.SYSTEM))
        .isEmpty();
  }

  @Test
  void givesItsCheckANameThatTheServerKeeps() {
    var one = new NotNull("t", List.of("a".repeat(63)), 1).check();
    var other = new NotNull("t", List.of("a".repeat(62) + "b"), 1).check();

    assertThat(one).startsWith("undercurrent_not_null_").hasSizeLessThan(64).isNotEqualTo(other);
  }

  private void run(NotNull work) throws InterruptedException {
    engine(work).queue("not_null").finish();
  }

  private Engine engine(NotNull work) {
    return new Engine(database, script.controller(), job(update("not_null", work)));
  }

  /** Why the update is given up. */
  private @Nullable String error(NotNull work) throws InterruptedException {
    try (var engine = engine(work)) {
      if (engine.queue.list().isEmpty()) {
        engine.queue("not_null");
      } else {
        engine.queue.forgetFailures("not_null", 1);
      }
      engine.steps();
      var failed = engine.queue.list().get(0);
      assertThat(failed.givenUp()).isTrue();
      return failed.lastError();
    }
  }

  private List<@Nullable String> columns() {
    return notNull("message");
  }

  private List<@Nullable String> notNull(String table) {
    return Rows.of(
        database,
        "SELECT attname FROM pg_attribute WHERE attnum > 0 AND attnotnull AND attrelid = CAST('%s' AS regclass) ORDER BY attnum"
            .formatted(table));
  }

  private List<@Nullable String> checks() {
    return Rows.of(
        database,
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conname LIKE 'undercurrent%'");
  }

  private List<@Nullable String> steps() {
    return Rows.of(
        database,
        """
        SELECT format('%s %s commits %s rollbacks', status, commit_count, rollback_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }
}
