package io.undercurrent.faults;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.worker.Crew;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the processes that share a run, and to their broker. */
@PostgresTest
@Tag("faults")
class WorkerFaultTests {

  private Crew crew;

  @BeforeEach
  void gather(Database database, @TempDir Path home) throws Exception {
    database.prepare();
    crew = new Crew(home, database, 2);
    crew.broker();
  }

  @AfterEach
  void close() throws Exception {
    crew.close();
  }

  @Test
  void survivesWorkersThatAreKilledOneAfterTheOther() throws Exception {
    var kills = Suite.count("worker-kills", 10, 50);
    crew.rows(12_000 * kills, 2);
    var worker = crew.worker(2);
    crew.awaitRegistered(worker);
    crew.begin();
    crew.runner();
    for (var i = 0; i < kills; i++) {
      crew.awaitVisitsBy(worker);
      var next = crew.worker(2);
      crew.awaitRegistered(next);
      worker.kill();
      worker = next;
    }
    crew.awaitVisitsBy(worker);

    crew.assertAllVisitedOnce();
  }

  @Test
  void takesItsSlicesFromAFrozenWorker() throws Exception {
    crew.rows(20_000, 2).begin();
    var worker = crew.worker(2);
    crew.runner();
    crew.awaitVisitsBy(worker);

    worker.signal("STOP");
    crew.awaitSaid("runner", "is gone or hangs");
    worker.signal("CONT");

    crew.assertAllVisitedOnce();
    assertThat(worker.isAlive()).isTrue();
  }

  @Test
  void goesOnWithAnotherRunnerWhileWorkersLive() throws Exception {
    crew.rows(20_000, 2).begin();
    var worker = crew.worker(2);
    var runner = crew.runner();
    crew.awaitVisitsBy(worker);

    runner.kill();
    var after = crew.runner();

    crew.assertAllVisitedOnce();
    assertThat(after.isAlive()).isTrue();
    assertThat(worker.isAlive()).isTrue();
  }

  @Test
  void goesOnWithAnotherRunnerWhereWorkersComeLater() throws Exception {
    crew.rows(20_000, 2).begin();
    var worker = crew.worker(2);
    var runner = crew.runner();
    crew.awaitVisitsBy(worker);

    runner.kill();
    worker.kill();
    crew.runner();
    var later = crew.worker(2);
    crew.awaitVisitsBy(later);

    crew.assertAllVisitedOnce();
  }

  @Test
  void survivesABrokerThatIsKilledAgainAndAgain() throws Exception {
    crew.rows(40_000, 4).begin();
    var worker = crew.worker(3);
    crew.runner();
    crew.awaitVisitsBy(worker);

    for (var i = 0; i < Suite.count("broker-kills", 3, 20); i++) {
      crew.lastBroker().kill();
      crew.broker().runFor(ofSeconds(4));
    }
    var later = crew.worker(1);
    crew.awaitVisitsBy(later);

    crew.assertAllVisitedOnce();
  }
}
