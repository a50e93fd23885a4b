package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@PostgresTest
class DatabaseRunnerTests {

  static final Controller UNPACED =
      new Controller(
          (update, database, oneShot) ->
              new OnUpdate.Iteration() {
                @Override
                public Duration enter() {
                  return Duration.ofMillis(20);
                }

                @Override
                public void exit(@Nullable Throwable failure) {}
              },
          (update, database) -> 100,
          (update, database) -> 10,
          "the test");

  @Test
  void refusesAProcessInAnotherTimeZone(Database database) {
    TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
    try {
      assertThatThrownBy(() -> new Engine(database, UNPACED))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("Expected UTC as the process's time zone")
          .hasMessageContaining("found America/St_Johns");
    } finally {
      TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
    }
  }

  @Test
  void touchesEveryRowOnce(Database database) throws Exception {
    createTable(database, "numbers", 10_050);

    try (var engine = new Engine(database, UNPACED, job(counting("numbers", "numbers")))) {
      engine.queue("numbers").run().awaitEmptyQueue();
    }

    assertThat(
            database
                .jdbc()
                .sql("SELECT count(*) FILTER (WHERE n = 1) || '/' || count(*) FROM numbers")
                .query(String.class)
                .single())
        .isEqualTo("10050/10050");
    assertThat(
            database
                .jdbc()
                .sql(
                    """
                    SELECT status || ' ' || read_count || ' ' || write_count
                      FROM undercurrent.batch_step_execution""")
                .query(String.class)
                .list())
        .containsExactly("COMPLETED 10050 10050");
  }
}
