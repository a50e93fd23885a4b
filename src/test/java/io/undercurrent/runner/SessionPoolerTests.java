package io.undercurrent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PgBouncer;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@PostgresTest
class SessionPoolerTests {

  @Test
  @EnabledIf(
      value = "io.undercurrent.testing.PgBouncer#isInstalled",
      disabledReason = "pgbouncer is not installed")
  void runsAnUpdateThroughAPoolerInSessionMode(Database server) throws Exception {
    Engine.createTable(server, "members", 500);
    var job = Engine.job(Engine.counting("count_up", "members"));

    try (var pooler = PgBouncer.start(server, "session")) {
      new Engine(pooler.database(), new ScriptedController().controller(), job)
          .queue("count_up")
          .finish();
    }

    assertThat(
            server
                .jdbc()
                .sql("SELECT count(*) FROM members WHERE n = 1")
                .query(Long.class)
                .single())
        .isEqualTo(500);
  }
}
