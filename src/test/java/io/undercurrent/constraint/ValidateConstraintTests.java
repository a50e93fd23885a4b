package io.undercurrent.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.shell.verb.TestShell;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constraints that are validated, by the console; a lock of the test's holds a validation up. */
@PostgresTest
class ValidateConstraintTests {

  private static final String SLOW = "CHECK (slowly(n) > 0)";

  private Database database;
  private Path jobs;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) {
    this.database = database;
    this.jobs = jobs;
    Rows.run(
        database,
        "CREATE TABLE orders (id int PRIMARY KEY, n int)",
        "INSERT INTO orders SELECT n, n FROM generate_series(1, 20) AS n",
        """
        CREATE FUNCTION slowly(n int) RETURNS int STABLE LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_advisory_xact_lock_shared(42);
          RETURN n;
        END $$""");
    shell = newShell();
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void addsAndValidatesAConstraint() throws Exception {
    write("add: CHECK (n > 0)");

    run();

    assertThat(constraint()).containsExactly("CHECK ((n > 0))");
    assertThat(steps()).containsExactly("COMPLETED 1 commits");
  }

  @Test
  void validatesAConstraintThatIsThere() throws Exception {
    Rows.run(database, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (n > 0) NOT VALID");
    write("delete-violating: false");

    run();

    assertThat(constraint()).containsExactly("CHECK ((n > 0))");
  }

  @Test
  void tellsTheFirstRowsThatViolateItAndChangesNothing() throws Exception {
    Rows.run(database, "UPDATE orders SET n = -n WHERE id IN (3, 12)");
    write("add: CHECK (n > 0)");

    run();

    assertThat(error())
        .containsExactly(
            "expected all rows of table orders to satisfy constraint 'positive', found 2 rows, with id 3, 12. Nothing was changed. Mend them, or have them deleted with 'delete-violating: true', then: retry positive");
    assertThat(constraint()).isEmpty();
  }

  @Test
  void passesOverRowsOfInheritanceChildrenThatAForeignKeyIsNotAbout() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE old_orders () INHERITS (orders)",
        "INSERT INTO old_orders VALUES (-1, -1)");
    write("add: FOREIGN KEY (n) REFERENCES orders");

    run();

    assertThat(error()).isEmpty();
    assertThat(constraint()).containsExactly("FOREIGN KEY (n) REFERENCES orders(id)");
  }

  @Test
  void leavesAConstraintThatWasThereAndSaysHowToDropIt() throws Exception {
    Rows.run(
        database,
        "UPDATE orders SET n = -n WHERE id IN (3, 12)",
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (n > 0) NOT VALID");
    write("add: CHECK (n > 0)");

    run();

    assertThat(error())
        .containsExactly(
            "check constraint \"positive\" of relation \"orders\" is violated by some row (SQLSTATE 23514). Found 2 rows, with id 3, 12. The constraint stays NOT VALID: no more such rows are written. Drop it with: ALTER TABLE \"public\".\"orders\" DROP CONSTRAINT \"positive\". Mend them, or have them deleted with 'delete-violating: true', then: retry positive");
    assertThat(constraint()).containsExactly("CHECK ((n > 0)) NOT VALID");
  }

  @Test
  void triesTheDeletionBeforeTheConstraintIsThere() throws Exception {
    Rows.run(database, "UPDATE orders SET n = -n WHERE id > 10");
    write("delete-violating: true, add: CHECK (n > 0)");

    assertThat(shell.perform("dry-run validate --json")).as(shell.err()).isZero();

    assertThat(shell.out()).contains("\"changed\"");
    assertThat(constraint()).isEmpty();
    assertThat(Rows.of(database, "SELECT count(*) FROM orders")).containsExactly("20");
  }

  @Test
  void showsAValidationUnderWayAndDoesNotCutItByAPause() throws Exception {
    writeSlow("");
    try (var holding = held()) {
      start();
      awaitValidation();
      // recorded, so that whoever takes the database over ends it
      assertThat(
              Rows.of(
                  database,
                  "SELECT application_name FROM undercurrent.lease_backends JOIN pg_stat_activity USING (pid, backend_start) WHERE application_name LIKE '% ddl %'"))
          .containsExactly("undercurrent ddl positive");

      shell.perform("show positive");
      assertThat(shell.out().replaceAll(" +", " "))
          .contains("phase ALTER TABLE \"public\".\"orders\" VALIDATE CONSTRAINT \"positive\"")
          .contains("waits for session ")
          .doesNotContain("items none");
      shell.perform("why positive");
      assertThat(shell.out().replaceAll("\\s+", " "))
          .contains(
              "is at a statement that no pause cuts (ALTER TABLE \"public\".\"orders\" VALIDATE CONSTRAINT \"positive\") and has waited ")
          .contains("(application as postgres");
      shell.perform("pause positive");
      assertThat(shell.out().replaceAll("\\s+", " "))
          .contains("positive first completes its statement, which a pause does not cut.");
    }
    Rows.await(database, "SELECT 1 FROM undercurrent.runs WHERE outcome = 'COMPLETED'");

    assertThat(constraint()).containsExactly("CHECK ((slowly(n) > 0))");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "delete-violating: true, "})
  void isCutByCancelNowAndSaysWhatStays(String how) throws Exception {
    writeSlow(how);
    try (var holding = held()) {
      start();
      if (how.isEmpty()) {
        awaitValidation();
        assertThat(shell.perform("cancel positive --yes")).isNotZero();
        assertThat(shell.err().replaceAll("\\s+", " "))
            .contains(
                "Update 'positive' on 'master' is at a statement outside of transactions right now, and no part of it could be kept. Let it finish, or stop it with: cancel positive --now");
      } else {
        Rows.await(
            database, "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
      }

      shell.perform("cancel positive --now --yes");

      assertThat(shell.out().replaceAll("\\s+", " "))
          .contains(
              "Constraint 'positive' stays on table orders, NOT VALID: no more rows are written that violate it. Drop it with: ALTER TABLE \"public\".\"orders\" DROP CONSTRAINT \"positive\"");
    }
    assertThat(steps().get(0)).startsWith("STOPPED");
    assertThat(constraint().get(0)).endsWith("NOT VALID");
  }

  @Test
  void goesOnWhenItsSessionIsEndedAndWhenTheProcessStops() throws Exception {
    writeSlow("");
    try (var holding = held()) {
      start();
      awaitValidation();
      var first = validations();
      Rows.of(database, "SELECT pg_terminate_backend(%s)".formatted(first.get(0)));
      Engine.await().until(() -> !validations().isEmpty() && !validations().equals(first));
      shell.close();
    }
    assertThat(steps()).containsExactly("STOPPED 0 commits");
    assertThat(constraint().get(0)).endsWith("NOT VALID");

    shell = newShell();
    shell.startRunner();
    shell.awaitEmptyQueue();

    assertThat(constraint()).containsExactly("CHECK ((slowly(n) > 0))");
  }

  private TestShell newShell() {
    return new TestShell(ShippedKinds.all(), database, jobs);
  }

  @Test
  void runsTheExamplesOfTheManual() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE message (id int PRIMARY KEY, realm_id int)",
        "INSERT INTO message VALUES (1, 1)",
        "CREATE TABLE events (id int PRIMARY KEY)",
        "CREATE TABLE edges (id int PRIMARY KEY, event_id int)",
        "INSERT INTO edges VALUES (1, 1), (2, NULL)");
    for (var kind : List.of("not-null", "validate-constraint")) {
      Files.writeString(jobs.resolve("validate.yaml"), example(kind));
      start();
      shell.awaitEmptyQueue();
    }

    assertThat(Rows.of(database, "SELECT attnotnull FROM pg_attribute WHERE attname = 'realm_id'"))
        .containsExactly("t");
    assertThat(
            Rows.of(
                database,
                "SELECT convalidated FROM pg_constraint WHERE conname = 'edges_event_fk'"))
        .containsExactly("t");
    assertThat(Rows.of(database, "SELECT id FROM edges")).containsExactly("2");
  }

  private static String example(String kind) throws IOException {
    var manual = Files.readString(Path.of("src/docs/kinds.md"));
    return manual.split("\n## " + kind + "\n")[1].split("```yaml\n")[1].split("```")[0];
  }

  @Test
  void hasItsMistakesNamed() throws Exception {
    Files.writeString(
        jobs.resolve("validate.yaml"),
        """
        updates:
          - name: one
            not-null: {table: orders, columns: n}
          - name: two
            not-null: {table: orders, column: n}
            statement-timeout: 1m
          - name: three
            validate-constraint: {table: orders, name: positive, add: UNIQUE (n)}
            row-security: filter
          - name: four
            validate-constraint: {table: orders, name: positive, add: CHECK (n > 0) NOT ENFORCED, key: id}
          - name: five
            validate-constraint: {table: orders, name: positive, add: CONSTRAINT positive CHECK (n > 0)}
        """);

    assertThat(shell.perform("check validate")).isNotZero();

    assertThat(shell.out() + shell.err())
        .contains(
            ":3: unknown key 'columns', did you mean 'column'?",
            ":6: 'statement-timeout' does not go with 'not-null': it would cut the validation, of which nothing is kept",
            ":8: 'add': expected CHECK or FOREIGN KEY, found UNIQUE, which cannot be NOT VALID. Build its index with 'create-index:', then: 'run: ALTER TABLE ... ADD CONSTRAINT ... USING INDEX ...'",
            ":9: 'row-security' does not go with 'validate-constraint', which is about all rows",
            ":11: 'add': expected a constraint that is enforced, found NOT ENFORCED",
            ":11: 'key' goes with 'delete-violating: true': only then rows are walked",
            ":13: 'add': expected what follows the constraint's name, which is in 'name'");
  }

  private OtherSession held() throws SQLException {
    var session = OtherSession.begin(database);
    session.run("SELECT pg_advisory_xact_lock(42)");
    return session;
  }

  private void awaitValidation() {
    Engine.await().until(() -> !validations().isEmpty());
  }

  private List<@Nullable String> validations() {
    return Rows.of(
        database,
        """
        SELECT pid
          FROM pg_stat_activity
         WHERE datname = current_database()
           AND application_name = 'undercurrent ddl positive'
           AND query LIKE '%VALIDATE%'
           AND wait_event = 'advisory'""");
  }

  private void start() {
    assertThat(shell.perform("start validate")).as(shell.err()).isZero();
    shell.startRunner();
  }

  private void run() throws Exception {
    start();
    Rows.await(
        database,
        "SELECT 1 FROM undercurrent.runs WHERE outcome = 'COMPLETED' OR last_error IS NOT NULL");
  }

  /** It is there: the look for rows that violate it is not what is held up. */
  private void writeSlow(String how) throws IOException {
    Rows.run(database, "ALTER TABLE orders ADD CONSTRAINT positive " + SLOW + " NOT VALID");
    write(how + "add: " + SLOW);
  }

  private void write(String more) throws IOException {
    Files.writeString(
        jobs.resolve("validate.yaml"),
        """
        updates:
          - name: positive
            validate-constraint: {table: orders, name: positive, %s}
            lock-timeout: 1m
        """
            .formatted(more));
  }

  private List<@Nullable String> error() {
    return Rows.of(
        database, "SELECT last_error FROM undercurrent.runs WHERE last_error IS NOT NULL");
  }

  private List<@Nullable String> constraint() {
    return Rows.of(
        database, "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'positive'");
  }

  private List<@Nullable String> steps() {
    return Rows.of(
        database,
        """
        SELECT format('%s %s commits', status, commit_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }
}
