package io.undercurrent.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.process.ChildProcess;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of real systems, whose process is killed in the middle, again and again. */
@Tag("faults")
@PostgresTest
class KilledChangesTests {

  private static final int KILLS = Integer.getInteger("faults.change-kills", 3);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final long seed = Long.getLong("faults.seed", System.nanoTime());
  private final Random random = new Random(seed);

  static List<RealChange> changes() {
    return RealChange.all();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void endAsTheyShould(RealChange change, Database database) throws Exception {
    change.prepare(database);
    queue(change, database);

    for (int i = 0; i < KILLS; i++) {
      var epoch = Rows.of(database, "SELECT epoch FROM undercurrent.lease").get(0);
      try (var process = ChangeProcess.start(change, database)) {
        awaitWork(process, database, epoch);
        process.runFor(Duration.ofMillis(random.nextInt(200)));
      }
    }
    try (var process = ChangeProcess.start(change, database)) {
      assertThat(process.awaitExit(LIMIT)).isZero();
    }

    assertThat(change.wrong(database)).as("with -Dfaults.seed=%d", seed).isEmpty();
    assertThat(Rows.of(database, "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
        .isEmpty();
  }

  private static void queue(RealChange change, Database database) {
    try (var engine = change.engine(database.settings(), new ScriptedController())) {
      engine.updates.start("master", change.name());
    }
  }

  /** Waits until it has the lease, and an execution has begun. */
  private static void awaitWork(ChildProcess process, Database database, String epoch) {
    var works =
        "SELECT current_update FROM undercurrent.lease WHERE current_update IS NOT NULL AND epoch > "
            + epoch;
    Engine.await()
        .atMost(LIMIT)
        .until(() -> !process.isAlive() || !Rows.of(database, works).isEmpty());
  }
}
