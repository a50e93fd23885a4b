package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.JobCheck;
import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.kind.UpdateOptions;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class RowSecurityTests {

  private static final String REFUSAL =
      "query would be affected by row-level security policy for table \"accounts\" (SQLSTATE 42501). Rows that its policies hide would be left out. Give the role BYPASSRLS, or set 'row-security: filter' in the job file if the update should leave them out";

  private final ScriptedController script = new ScriptedController();

  /** Its owner sees every second row. */
  @BeforeEach
  void createTable(TestDatabases databases, Database database) {
    Engine.createTable(database, "accounts", 250);
    owner(databases, database).prepare();
    Rows.run(
        database,
        "ALTER TABLE accounts OWNER TO accounts_owner",
        "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE accounts FORCE ROW LEVEL SECURITY",
        "CREATE POLICY even ON accounts USING (id % 2 = 0)");
  }

  private static Database owner(TestDatabases databases, Database database) {
    var owner = databases.as("accounts_owner", database);
    Rows.run(
        database,
        "GRANT USAGE ON SCHEMA undercurrent TO accounts_owner",
        "GRANT ALL ON ALL TABLES IN SCHEMA undercurrent TO accounts_owner",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA undercurrent TO accounts_owner");
    return owner;
  }

  @Test
  void stopsAnUpdateThatItWouldHideRowsFrom(TestDatabases databases, Database database)
      throws Exception {
    assertRefused(databases, database, counting(false));
  }

  @Test
  void stopsAOneShotThatItWouldHideRowsFrom(TestDatabases databases, Database database)
      throws Exception {
    var sql = new Sql("UPDATE accounts SET n = n + 1", 1);

    assertRefused(databases, database, update("count", new RunStatements(List.of(sql))));
  }

  private void assertRefused(TestDatabases databases, Database database, UpdateDefinition update)
      throws Exception {
    var owner = databases.as("accounts_owner", database);
    try (var engine = new Engine(owner, script.controller(), job(update))) {
      engine.queue("count").steps();
      assertThat(lastError(database)).startsWith(REFUSAL);
    }

    assertThat(counts(database)).containsExactly("250 times 0");
  }

  @Test
  void filtersForAnUpdateThatWantsIt(TestDatabases databases, Database database) throws Exception {
    var owner = databases.as("accounts_owner", database);

    new Engine(owner, script.controller(), job(counting(true))).queue("count").finish();

    assertThat(counts(database)).containsExactly("125 times 0", "125 times 1");
  }

  @Test
  void doesNotConcernARoleThatBypassesIt(TestDatabases databases, Database database)
      throws Exception {
    var owner = databases.as("accounts_owner", database);
    Rows.run(database, "ALTER ROLE accounts_owner BYPASSRLS");

    new Engine(owner, script.controller(), job(counting(false))).queue("count").finish();

    assertThat(counts(database)).containsExactly("250 times 1");
  }

  @Test
  void isTakenForAProblemByACheck(
      TestDatabases databases, Database database, @TempDir Path directory) throws Exception {
    var owner = databases.as("accounts_owner", database);
    var file =
        Files.writeString(
            directory.resolve("count.yaml"),
            """
            updates:
              - name: all
                read: {table: accounts, key: id}
                write: UPDATE accounts SET n = 1 FROM chunk WHERE accounts.id = chunk.id
              - name: visible
                read: {table: accounts, key: id}
                write: UPDATE accounts SET n = 1 FROM chunk WHERE accounts.id = chunk.id
                row-security: filter
            """);

    var report =
        new JobCheck(new Jobs(ShippedKinds.all(), directory, name -> null), owner, Beans.NONE)
            .check("count");

    assertThat(report.problems()).containsExactly(file + ":2: update 'all': " + REFUSAL);
  }

  private static UpdateDefinition counting(boolean filtersRows) {
    var work = Engine.counting("count", "accounts").work();
    var options = filtersRows ? UpdateOptions.NONE.filteringRows() : UpdateOptions.NONE;
    return new UpdateDefinition("count", null, options, work, 1);
  }

  private static String lastError(Database database) {
    return String.valueOf(
        Rows.of(database, "SELECT max(last_error) FROM undercurrent.runs").get(0));
  }

  private static List<@Nullable String> counts(Database database) {
    return Rows.of(
        database, "SELECT format('%s times %s', count(*), n) FROM accounts GROUP BY n ORDER BY n");
  }
}
