package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@PostgresTest
class LockWatchingModuleTests {

  @Test
  void asksForALongIterationWhenNobodyWaits(Database database) throws InterruptedException {
    var controller = controllerWatching(database);

    assertThat(target(controller)).isEqualTo(Duration.ofSeconds(1));
    assertThat(controller.defaultBatchSize().batchSize("fill_titles", "master")).isEqualTo(200);
    assertThat(controller.minBatchSize().batchSize("fill_titles", "master")).isEqualTo(10);
  }

  @Test
  void asksForAShortIterationWhileSomebodyWaits(Database database) throws Exception {
    var controller = controllerWatching(database);
    var lock = "SELECT pg_advisory_xact_lock(1)";
    var waiting = new Thread(() -> database.transactions().execute(tx -> query(database, lock)));

    database
        .transactions()
        .executeWithoutResult(
            tx -> {
              query(database, lock);
              waiting.start();
              await().untilAsserted(() -> assertThat(target(controller)).hasMillis(50));
            });

    waiting.join();
    assertThat(target(controller)).isEqualTo(Duration.ofSeconds(1));
  }

  private static Object query(Database database, String sql) {
    return database.jdbc().sql(sql).query().singleRow();
  }

  private static Duration target(Controller controller) throws InterruptedException {
    return controller.onUpdate().onUpdate("fill_titles", "master", false).enter();
  }

  private static Controller controllerWatching(Database database) {
    var settings = database.settings();
    var registrations = new Registrations(Controller.builtIn());
    new LockWatchingModule()
        .start(
            Map.of("url", settings.url() + "?user=" + settings.username()),
            registrations.api("locks"));
    return registrations.close().controller();
  }
}
