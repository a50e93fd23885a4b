package io.undercurrent.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.lease.Owner;
import io.undercurrent.shell.verb.TestShell;
import io.undercurrent.status.StatusReader;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.StatementCounter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What {@code show} says of a definition that says less than what is done. */
@PostgresTest
class ExpansionTests {

  private static final String UPDATE = "update: {table: numbers, set: {n: 1}, where: n = 0}";

  private Database database;
  private Changes changes;

  @BeforeEach
  void createNumbers(Database database, @TempDir Path directory) {
    this.database = database;
    changes = new Changes(database, directory);
    Engine.createTable(database, "numbers", 1_000);
  }

  @Test
  void isShownAsAWhole() {
    changes.write(UPDATE);
    try (var shell = new TestShell(ShippedKinds.all(), database, changes.directory())) {
      shell.perform("show change");
      assertThat(shell.out().replaceAll(" +", " "))
          .contains(
              """
              kind update of a table's rows, in chunks
              table numbers
              where n = 0
              set n = 1
              comes to read and write, in chunks
              read table numbers by (id), where n = 0
              write UPDATE numbers
               SET "n" = (1)
               FROM (SELECT "id" AS in_chunk_1 FROM chunk) AS in_chunk
               WHERE numbers."id" = in_chunk_1
               AND CASE WHEN in_chunk_1 IS NOT NULL
               THEN (n = 0)
               AND (CAST(numbers."n" AS pg_catalog.int4) IS DISTINCT FROM CAST((1)
               AS pg_catalog.int4)) END
              """
                  .stripTrailing());

      shell.perform("show change --json");
      var shown = JsonMapper.shared().readTree(shell.out());
      assertThat(shown.at("/definition/kind").asString()).isEqualTo("update");
      assertThat(shown.at("/definition/set/n").asString()).isEqualTo("1");
      assertThat(shown.at("/expansion/kind").asString()).isEqualTo("read-write");
      assertThat(shown.at("/expansion/key/0").asString()).isEqualTo("id");
      assertThat(shown.at("/expansion/statements/0").asString()).startsWith("UPDATE numbers\n");
      assertThat(shown.at("/expansion/problem").isNull()).isTrue();
    }
  }

  @Test
  void namesThePrimaryKey() {
    changes.write("read: {table: numbers}", "write: SELECT FROM chunk");
    try (var shell = new TestShell(ShippedKinds.all(), database, changes.directory())) {
      shell.perform("show change");

      assertThat(shell.out()).contains("table numbers by (id)");
    }
  }

  @Test
  void isShownWhileTheTableIsLocked() throws Exception {
    changes.write("delete: {table: numbers, where: true}");
    try (var application = OtherSession.begin(database);
        var shell = new TestShell(ShippedKinds.all(), database, changes.directory())) {
      application.run("LOCK TABLE numbers IN ACCESS EXCLUSIVE MODE");
      shell.perform("show change");

      assertThat(shell.out()).contains("DELETE FROM numbers");
    }
  }

  @Test
  void isMissedWhereTheTableIsGone() {
    changes.write(UPDATE);
    Rows.run(database, "DROP TABLE numbers");
    try (var shell = new TestShell(ShippedKinds.all(), database, changes.directory())) {
      assertThat(shell.perform("show change")).isZero();
      assertThat(shell.out().replaceAll("\\s+", " "))
          .contains(
              "comes to nothing on this database: relation \"numbers\" does not exist (SQLSTATE 42P01)");

      shell.perform("show change --json");
      assertThat(JsonMapper.shared().readTree(shell.out()).at("/expansion/problem").asString())
          .startsWith("relation \"numbers\" does not exist");
    }
  }

  @Test
  void costsOneStatementOfSix() throws Exception {
    Rows.run(database, "CREATE TABLE gone (LIKE numbers)");
    var job = changes.job("delete: {table: numbers, where: n = 0, archive-to: gone}");
    var script = new ScriptedController();
    var statements = new ArrayList<String>();
    var far = new ArrayList<Object>();
    try (var engine = changes.engine(job, script);
        var counter = new StatementCounter(database.settings().url());
        var counted = open(counter)) {
      var reader = new StatusReader(counted, Owner.thisProcess(), name -> Engine.defined(job));
      script.atIteration(
          3,
          () -> {
            reader.glance();
            counter.statements();
            var detail = reader.show("change");
            statements.addAll(counter.statements());
            far.add(List.of(detail.position(), detail.progress().progress().basis()));
          });
      changes.finish(engine.queue("change"));
    }

    assertThat(statements).hasSizeLessThanOrEqualTo(6);
    assertThat(far)
        .containsExactly(
            List.of(List.of("200"), "by the position among the keys (planner's statistics)"));
  }

  private Database open(StatementCounter counter) {
    var settings = database.settings();
    var counted =
        new Database(
            new DatabaseSettings(
                "master", counter.url(), settings.username(), settings.password()));
    assertThat(counted.isPrepared()).isTrue();
    return counted;
  }
}
