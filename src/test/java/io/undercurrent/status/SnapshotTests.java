package io.undercurrent.status;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.lease.Owner;
import io.undercurrent.run.RunStatements;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.StatementCounter;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** What one look at a database costs, counted on the wire. */
@PostgresTest
class SnapshotTests {

  private final Semaphore permits = new Semaphore(0);
  private final ScriptedController script = new ScriptedController().waitingFor(permits);

  @Test
  void takesFourStatementsForAStatusAndSixForAnUpdate(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    var job = job(counting("numbers", "numbers"), update("rest", new RunStatements(List.of())));
    try (var engine = new Engine(database, script.controller(), job);
        var counter = new StatementCounter(database.settings().url());
        var counted = open(database, counter)) {
      engine.queue("numbers").run();
      permits.release();
      script.awaitIteration(2);
      var reader = new StatusReader(counted, Owner.thisProcess(), name -> Engine.defined(job));
      reader.glance();
      counter.statements();

      assertThat(reader.read().current()).extracting("progress").isNotNull();
      assertThat(counter.statements()).hasSizeLessThanOrEqualTo(4);

      assertThat(reader.show("numbers").lastRun()).isNotNull();
      assertThat(counter.statements()).hasSizeLessThanOrEqualTo(6);

      reader.why("numbers");
      assertThat(counter.statements()).hasSizeLessThanOrEqualTo(4);

      reader.glance();
      assertThat(counter.statements()).hasSize(1);
    }
  }

  @Test
  void takesNoMoreWhileAnIndexIsBuilt(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    permits.release(100);
    var job =
        job(update("numbers", Engine.index("numbers", false, null)), counting("fill", "numbers"));
    try (var engine = new Engine(database, script.controller(), job);
        var counter = new StatementCounter(database.settings().url());
        var counted = open(database, counter);
        var report = OldSnapshot.hold(database)) {
      engine.queue("numbers").run();
      report.awaitBuild();
      var reader = new StatusReader(counted, Owner.thisProcess(), name -> Engine.defined(job));
      reader.glance();
      counter.statements();

      assertThat(reader.read().current()).extracting("indexBuild").isNotNull();
      assertThat(counter.statements()).hasSizeLessThanOrEqualTo(4);

      reader.show("numbers");
      assertThat(counter.statements()).hasSizeLessThanOrEqualTo(6);
      report.close();
      engine.awaitEmptyQueue();
    }
  }

  private static Database open(Database database, StatementCounter counter) {
    var settings = database.settings();
    var counted =
        new Database(
            new DatabaseSettings(
                "master", counter.url(), settings.username(), settings.password()));
    assertThat(counted.isPrepared()).isTrue();
    return counted;
  }
}
