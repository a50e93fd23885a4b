package io.undercurrent.status;

import static io.undercurrent.testing.Engine.await;
import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

@PostgresTest
class JobProgressTests {

  private final Semaphore permits = new Semaphore(0);
  private final ScriptedController script = new ScriptedController().waitingFor(permits);

  @Test
  void countsTheUpdatesOfTheJobAndWhatIsLeftOfAll(Database database) throws Exception {
    createTable(database, "first", 100);
    createTable(database, "second", 10_000);
    createTable(database, "third", 20_000);
    var job = job(counting("a", "first"), counting("b", "second"), counting("c", "third"));
    try (var engine = new Engine(database, script.controller(), job)) {
      engine.queue("a").run();
      awaitProgress(engine, "b");

      var current = current(engine).orElseThrow();

      assertThat(current.ofJob().number()).isEqualTo(2);
      assertThat(current.ofJob().of()).isEqualTo(3);
      var ofOne = current.progress().timeLeftAtMost();
      assertThat(current.ofJob().timeLeft()).isGreaterThan(ofOne);

      Rows.run(database, "UPDATE pg_class SET reltuples = -1 WHERE relname = 'third'");
      assertThat(current(engine).orElseThrow().ofJob())
          .returns(3L, JobProgress::of)
          .returns(null, JobProgress::timeLeft);

      engine.queue.cancel("c");
      assertThat(current(engine).orElseThrow().ofJob()).isEqualTo(new JobProgress(2, 2, null));
    }
  }

  @Test
  void isOfNoInterestWhereTheUpdateIsTheOnlyOne(Database database) throws Exception {
    createTable(database, "numbers", 10_000);
    var job = job(counting("numbers", "numbers"));
    try (var engine = new Engine(database, script.controller(), job)) {
      engine.queue("numbers").run();
      awaitProgress(engine, "numbers");

      assertThat(current(engine).orElseThrow().ofJob()).isNull();
    }
  }

  private void awaitProgress(Engine engine, String update) {
    await().until(() -> goesOn(engine, update));
  }

  private boolean goesOn(Engine engine, String update) {
    permits.release();
    return current(engine)
        .filter(current -> current.name().equals(update))
        .map(CurrentUpdate::progress)
        .map(progress -> progress.timeLeftAtMost())
        .filter(left -> left.compareTo(Duration.ZERO) > 0)
        .isPresent();
  }

  private static Optional<CurrentUpdate> current(Engine engine) {
    return Optional.ofNullable(engine.status().current());
  }
}
