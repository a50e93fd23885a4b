package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.SteppedTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@PostgresTest
class RetentionTests {

  private final SteppedTime time = new SteppedTime();

  @Test
  void purgesOnceADayFromItsFirstRoundOn(Database database) throws InterruptedException {
    createTable(database, "halls", 10);
    try (var engine = engine(database, Duration.ofDays(30))) {
      runTwiceLongAgo(engine);
      time.pass(Duration.ofHours(23));
      engine.steps();
      assertThat(runs(database)).containsExactly("1", "2");

      time.pass(Duration.ofHours(2));
      engine.steps();
      assertThat(runs(database)).containsExactly("2");
    }
  }

  @Test
  void keepsEverythingUnlessItIsToldOtherwise(Database database) throws InterruptedException {
    createTable(database, "halls", 10);
    try (var engine = engine(database, null)) {
      runTwiceLongAgo(engine);

      engine.steps().step();

      assertThat(runs(database)).containsExactly("1", "2");
    }
  }

  @Test
  void triesAgainTheNextDayWhereItFails(Database database) throws InterruptedException {
    createTable(database, "halls", 10);
    try (var engine = engine(database, Duration.ofDays(30))) {
      runTwiceLongAgo(engine);
      Rows.run(database, "ALTER TABLE undercurrent.actions RENAME TO elsewhere");
      time.pass(Duration.ofDays(1));

      engine.steps();
      assertThat(runs(database)).containsExactly("1", "2");

      Rows.run(database, "ALTER TABLE undercurrent.elsewhere RENAME TO actions");
      engine.step();
      assertThat(runs(database)).containsExactly("1", "2");
      time.pass(Duration.ofDays(1));
      engine.step();
      assertThat(runs(database)).containsExactly("2");
    }
  }

  private Engine engine(Database database, @Nullable Duration retention) {
    return new Engine(
        database,
        new RunnerContext(
            new ScriptedController().controller(),
            Beans.NONE,
            FailurePolicy.STANDARD,
            RunnerListener.NONE,
            Clock.systemUTC(),
            time,
            retention),
        job(counting("halls", "halls")));
  }

  private static void runTwiceLongAgo(Engine engine) {
    engine.queue("halls").work();
    engine.queue("halls").work();
    Rows.run(
        engine.database, "UPDATE undercurrent.runs SET ended_at = ended_at - interval '31 days'");
  }

  private static List<@Nullable String> runs(Database database) {
    return Rows.of(database, "SELECT run FROM undercurrent.runs ORDER BY run");
  }
}
