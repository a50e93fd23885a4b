package io.undercurrent.constraint;

import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class DeleteViolatingTests {

  private static final String FOREIGN_KEY = "FOREIGN KEY (event_id) REFERENCES events";

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createTables(Database database) {
    this.database = database;
    Rows.run(
        database,
        "CREATE TABLE events (id int PRIMARY KEY)",
        "INSERT INTO events SELECT generate_series(1, 10)",
        "CREATE TABLE edges (id int PRIMARY KEY, event_id int)",
        "INSERT INTO edges SELECT n, CASE WHEN n %% 3 = 0 THEN NULL ELSE n END FROM generate_series(1, 30) AS n"
            .replace("%%", "%"));
  }

  @Test
  void deletesWhatAForeignKeyRefusesBetweenItsPartsAndKeepsNulls() throws Exception {
    run(FOREIGN_KEY);

    assertThat(Rows.of(database, "SELECT count(*) FROM edges WHERE event_id IS NULL"))
        .containsExactly("10");
    assertThat(Rows.of(database, "SELECT max(event_id) FROM edges")).containsExactly("10");
    assertThat(constraint()).containsExactly("FOREIGN KEY (event_id) REFERENCES events(id)");
    // its two parts and three chunks
    assertThat(steps()).containsExactly("COMPLETED 30 read 13 written 5 commits 0 rollbacks");
  }

  @ParameterizedTest
  @CsvSource({"1, true, 5", "2, false, 5", "5, false, 6"})
  void goesOnAfterAStopBetweenItsParts(int iteration, boolean missing, String commits)
      throws Exception {
    var stopping = new Engine[1];
    script.atIteration(iteration, () -> stopping[0].stop());
    try (var engine = engine(FOREIGN_KEY).queue("fk")) {
      stopping[0] = engine;
      engine.run();
      Rows.await(
          database, "SELECT 1 FROM undercurrent.batch_step_execution WHERE status = 'STOPPED'");
    }
    assertThat(constraint().isEmpty()).isEqualTo(missing);
    if (!missing) {
      assertThat(constraint().get(0)).endsWith("NOT VALID");
    }

    script.onEnter(() -> null);
    engine(FOREIGN_KEY).finish();

    assertThat(constraint()).containsExactly("FOREIGN KEY (event_id) REFERENCES events(id)");
    assertThat(Rows.of(database, "SELECT sum(commit_count) FROM undercurrent.batch_step_execution"))
        .containsExactly(commits);
    assertThat(Rows.of(database, "SELECT count(*) FROM edges")).containsExactly("17");
  }

  /** As it is where the process died before it noted that the constraint is there. */
  @Test
  void goesOnWhereTheConstraintIsThere() throws Exception {
    Rows.run(database, "ALTER TABLE edges ADD CONSTRAINT fk " + FOREIGN_KEY + " NOT VALID");

    run(FOREIGN_KEY);

    assertThat(constraint()).containsExactly("FOREIGN KEY (event_id) REFERENCES events(id)");
    assertThat(steps()).containsExactly("COMPLETED 30 read 13 written 5 commits 0 rollbacks");
  }

  @Test
  void deletesWhatACheckRefusesAndKeepsWhatItDoesNotKnow() throws Exception {
    run("CHECK (id <= 20 AND event_id < 15)");

    assertThat(Rows.of(database, "SELECT id FROM edges WHERE id > 12"))
        .containsExactly("13", "14", "15", "18");
    assertThat(constraint()).containsExactly("CHECK (((id <= 20) AND (event_id < 15)))");
  }

  @ParameterizedTest
  @CsvSource({
    "FOREIGN KEY (a; b) REFERENCES pairs, 1 2 3 6",
    "FOREIGN KEY (a; b) REFERENCES pairs MATCH FULL, 1 6"
  })
  void matchesTheColumnsOfAKeyAsPostgresqlDoes(String add, String left) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE pairs (x text, y int, PRIMARY KEY (x, y))",
        "INSERT INTO pairs VALUES ('a', 1)",
        "ALTER TABLE edges ADD a varchar, ADD b smallint",
        "DELETE FROM edges WHERE id > 6",
        "UPDATE edges SET a = 'a', b = 1 WHERE id = 1",
        "UPDATE edges SET a = 'a' WHERE id = 2",
        "UPDATE edges SET b = 5 WHERE id = 3",
        "UPDATE edges SET a = 'a', b = 2 WHERE id = 4",
        "UPDATE edges SET a = 'b', b = 1 WHERE id = 5");

    run(add.replace(';', ','));

    assertThat(Rows.of(database, "SELECT string_agg(CAST(id AS text), ' ' ORDER BY id) FROM edges"))
        .containsExactly(left);
  }

  @Test
  void comparesAsTheForeignKeyDoes() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE codes (code char(4) PRIMARY KEY)",
        "INSERT INTO codes VALUES ('a')",
        "ALTER TABLE edges ADD code char(2)",
        "UPDATE edges SET code = CASE WHEN id < 10 THEN 'a' ELSE 'b' END");

    run("FOREIGN KEY (code) REFERENCES codes");

    assertThat(Rows.of(database, "SELECT count(*) FROM edges")).containsExactly("9");
  }

  @Test
  void countsNoRowsOfInheritanceChildrenAsReferenced() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE more_events () INHERITS (events)",
        "INSERT INTO more_events VALUES (11)");

    run(FOREIGN_KEY);

    assertThat(Rows.of(database, "SELECT max(event_id) FROM edges")).containsExactly("10");
  }

  @Test
  void leavesARowThatIsMendedWhileItWaitsForIt() throws Exception {
    try (var application = OtherSession.begin(database);
        var engine = engine(FOREIGN_KEY).queue("fk")) {
      script.atIteration(
          2,
          () -> {
            application.run("INSERT INTO events VALUES (11)");
            application.run("UPDATE edges SET event_id = 11 WHERE id = 29");
            application.commitOnceWaitedFor();
          });
      engine.work();
    }

    assertThat(Rows.of(database, "SELECT event_id FROM edges WHERE id = 29")).containsExactly("11");
  }

  @Test
  void deletesWhatRefersToDeletedRowsOfItsOwnTableOrRefusesTo() throws Exception {
    Rows.run(
        database,
        "UPDATE edges SET event_id = id - 1",
        "UPDATE edges SET event_id = 99 WHERE id IN (1, 9)");

    assertThat(error("FOREIGN KEY (event_id) REFERENCES edges"))
        .startsWith(
            "expected a foreign key with ON DELETE CASCADE or SET NULL, for table edges refers to itself");
    assertThat(constraint()).isEmpty();
    Rows.run(database, "DELETE FROM undercurrent.background_updates");

    run("FOREIGN KEY (event_id) REFERENCES edges ON DELETE CASCADE");

    assertThat(Rows.of(database, "SELECT count(*) FROM edges")).containsExactly("0");
    assertThat(constraint()).hasSize(1);
  }

  @Test
  void failsAtTheRowThatAnotherTableNeeds() throws Exception {
    Rows.run(
        database, "CREATE TABLE uses (edge int REFERENCES edges)", "INSERT INTO uses VALUES (13)");

    assertThat(error(FOREIGN_KEY))
        .startsWith("update or delete on table \"edges\" violates foreign key constraint")
        .contains("[13]");
    assertThat(constraint().get(0)).endsWith("NOT VALID");
  }

  @Test
  void refusesToDeleteWithoutTheConstraint() throws Exception {
    script.atIteration(2, () -> Rows.run(database, "ALTER TABLE edges DROP CONSTRAINT fk"));
    assertThat(error(FOREIGN_KEY)).contains("expected constraint 'fk' to be there");
  }

  private void run(String add) throws InterruptedException {
    engine(add).queue("fk").finish();
  }

  private @Nullable String error(String add) throws InterruptedException {
    try (var engine = engine(add).queue("fk").steps()) {
      var failed = engine.queue.list().get(0);
      assertThat(failed.givenUp()).isTrue();
      return failed.lastError();
    }
  }

  private Engine engine(String add) {
    var wanted = new WantedConstraint("edges", "fk", new Sql(add, 1), true, List.of(), 1);
    return new Engine(
        database,
        script.controller(),
        job(inChunksOf(10, update("fk", new DeleteViolating(wanted)))));
  }

  private List<@Nullable String> constraint() {
    return Rows.of(
        database, "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'fk'");
  }

  private List<@Nullable String> steps() {
    return Rows.of(
        database,
        """
        SELECT format('%s %s read %s written %s commits %s rollbacks',
                      status, read_count, write_count, commit_count, rollback_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }
}
