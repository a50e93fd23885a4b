package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators are told while the runner cannot begin. */
@PostgresTest
class StuckRunnerTests {

  private static final String SEQUENCE = "SEQUENCE undercurrent.batch_job_execution_seq";

  @TempDir private Path jobs;

  @BeforeEach
  void writeJob() throws IOException {
    Files.writeString(jobs.resolve("one.yaml"), "updates: [{name: one, run: SELECT 1}]");
  }

  @Test
  void isToldWhichRightIsMissing(Database database, TestDatabases databases) {
    try (var shell = clerk(database, databases)) {
      shell.perform("start one");
      Rows.run(database, "REVOKE UPDATE ON undercurrent.lease FROM clerk");

      assertThat(shell.perform("run")).isEqualTo(1);

      assertThat(shell.err())
          .endsWith(
              "master cannot be worked on: permission denied for table lease (SQLSTATE 42501). Have a superuser run db/grants.sql there\n");
      assertThat(shell.perform("why")).isZero();
      assertThat(shell.out()).contains("does not move", "permission denied for table lease");
      assertThat(shell.perform("status")).isZero();
      assertThat(shell.out()).contains("permission denied for table lease");
    }
  }

  @Test
  void isToldInOtherProcessesToo(Database database, TestDatabases databases) throws Exception {
    try (var shell = clerk(database, databases);
        var other = new TestShell(database, jobs)) {
      shell.perform("start one");
      Rows.run(database, "REVOKE ALL ON %s FROM clerk".formatted(SEQUENCE));
      assertThat(shell.perform("run")).isEqualTo(1);

      assertThat(other.perform("why")).isZero();
      assertThat(other.out())
          .contains("master does not move.", "The last attempt to run the updates failed at ")
          .contains("permission denied for sequence")
          .doesNotContain("is about to start");

      Rows.run(database, "GRANT ALL ON %s TO clerk".formatted(SEQUENCE));
      // Has the runner look at once.
      shell.perform("resume");
      shell.awaitEmptyQueue();
      Rows.awaitNone(database, "SELECT trouble FROM undercurrent.lease WHERE trouble IS NOT NULL");
    }
  }

  @Test
  void isToldWhoseSettingForbidsWritesAndGoesOnWithoutIt(Database database, TestDatabases databases)
      throws Exception {
    try (var shell = clerk(database, databases)) {
      shell.perform("start one");
    }
    Rows.run(database, "ALTER ROLE clerk SET default_transaction_read_only = on");
    try (var shell = new TestShell(databases.as("clerk", database), jobs)) {
      assertThat(shell.perform("run")).isEqualTo(1);
      assertThat(shell.err())
          .endsWith(
              "Database 'master': expected a server that accepts writes, but default_transaction_read_only is on for the role clerk. Allow writes with: ALTER ROLE clerk RESET default_transaction_read_only\n");

      Rows.run(database, "ALTER ROLE clerk RESET default_transaction_read_only");
      // Has the runner look at once.
      shell.perform("resume");
      shell.awaitEmptyQueue();
    }
  }

  @Test
  void isToldThatThereIsNoRightToMakeTheSchema(TestDatabases databases) {
    try (var shell = new TestShell(databases.as("clerk", databases.createEmpty()), jobs)) {
      assertThat(shell.perform("run")).isEqualTo(1);
      assertThat(shell.err()).contains("Have a superuser run db/grants.sql there");
      assertThat(shell.perform("status")).isZero();
      assertThat(shell.out()).contains("db/grants.sql");
    }
  }

  @Test
  void doesNotKeepOtherDatabasesFromTheirWork(Database database, TestDatabases databases) {
    var archive = databases.create("archive");
    try (var all = new TestShell(database, jobs, archive.settings())) {
      all.perform("start one");
      all.perform("start one --database archive");
    }
    var clerks = databases.as("clerk", database);
    grant(database);
    Rows.run(database, "REVOKE ALL ON %s FROM clerk".formatted(SEQUENCE));
    var other = archive.settings();
    try (var both =
        new TestShell(
            clerks,
            jobs,
            new DatabaseSettings("archive", other.url(), other.username(), other.password()))) {
      assertThat(both.perform("run")).isEqualTo(1);
      assertThat(both.err())
          .contains("permission denied for sequence", "The queue of archive is empty.")
          .endsWith("Not run: master. See why with: databases\n");
    }
  }

  private TestShell clerk(Database database, TestDatabases databases) {
    var clerks = databases.as("clerk", database);
    grant(database);
    return new TestShell(clerks, jobs);
  }

  private static void grant(Database database) {
    Rows.run(
        database,
        "GRANT USAGE ON SCHEMA undercurrent TO clerk",
        "GRANT ALL ON ALL TABLES IN SCHEMA undercurrent TO clerk",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA undercurrent TO clerk");
  }
}
