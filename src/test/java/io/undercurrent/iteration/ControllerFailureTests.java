package io.undercurrent.iteration;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What comes of a controller that does not keep to its contract: a failed iteration, no more. */
@PostgresTest
class ControllerFailureTests {

  private final CopyOnWriteArrayList<String> exits = new CopyOnWriteArrayList<>();

  @Test
  void refusesABatchSizeOfZeroAndNamesTheModule(Database database) throws Exception {
    assertThat(
            lastError(
                database,
                new Controller(
                    (update, name, oneShot) -> new Entered(),
                    (update, name) -> 0,
                    (update, name) -> 100,
                    "module Odd")))
        .contains("module Odd", "default_batch_size", "got 0");
    assertThat(exits).isNotEmpty().allMatch(exit -> exit.contains("module Odd"));
  }

  @Test
  void tellsThatOnUpdateHasFailed(Database database) throws Exception {
    assertThat(
            lastError(
                database,
                controller(
                    (update, name, oneShot) -> {
                      throw new IllegalArgumentException("no such " + update);
                    })))
        .isEqualTo(
            "module Odd: on_update failed for update 'numbers' on 'master': no such numbers");
    assertThat(exits).isEmpty();
  }

  @Test
  void keepsAMessageThatPostgresqlCannotHold(Database database) throws Exception {
    assertThat(
            lastError(
                database,
                controller(
                    (update, name, oneShot) -> {
                      throw new IllegalArgumentException("no\0such\ud800 update");
                    })))
        .isEqualTo(
            "module Odd: on_update failed for update 'numbers' on 'master': no\ufffdsuch\ufffd update");
    assertThat(
            Rows.of(
                database,
                "SELECT status || ' ' || substr(exit_message, 1, 10) FROM undercurrent.batch_step_execution"))
        .containsExactly("FAILED java.lang.");
  }

  @Test
  void doesNotLeaveWhatItCouldNotEnter(Database database) throws Exception {
    assertThat(
            lastError(
                database,
                controller(
                    (update, name, oneShot) ->
                        new Entered() {
                          @Override
                          public Duration enter() {
                            throw new IllegalStateException("the night is over");
                          }
                        })))
        .isEqualTo("module Odd: enter failed for update 'numbers' on 'master': the night is over");
    assertThat(exits).isEmpty();
  }

  @Test
  void keepsWhatWasCommittedWhenLeavingFails(Database database) throws Exception {
    assertThat(
            lastError(
                database,
                controller(
                    (update, name, oneShot) ->
                        new Entered() {
                          @Override
                          public void exit(@Nullable Throwable failure) {
                            throw new IllegalStateException("the door is stuck");
                          }
                        })))
        .isEqualTo("module Odd: exit failed for update 'numbers' on 'master': the door is stuck");
    assertThat(Rows.of(database, "SELECT sum(n)::text FROM numbers")).containsExactly("100");
    assertThat(
            Rows.of(
                database,
                "SELECT commit_count || ' ' || read_count FROM undercurrent.batch_step_execution"))
        .containsExactly("1 100");
  }

  private static Controller controller(OnUpdate onUpdate) {
    return new Controller(onUpdate, (update, name) -> 100, (update, name) -> 100, "module Odd");
  }

  private static String lastError(Database database, Controller controller) throws Exception {
    createTable(database, "numbers", 250);
    try (var engine = new Engine(database, controller, job(counting("numbers", "numbers")))) {
      engine.queue("numbers").steps();
      return String.valueOf(engine.queue.find("numbers").orElseThrow().lastError());
    }
  }

  private class Entered implements OnUpdate.Iteration {

    @Override
    public Duration enter() {
      return Duration.ofMillis(100);
    }

    @Override
    public void exit(@Nullable Throwable failure) {
      exits.add(String.valueOf(failure == null ? null : failure.getMessage()));
    }
  }
}
