package io.undercurrent.execution;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.job.JobFile;
import io.undercurrent.page.Read;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.Knobs;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator sets of an update's pace holds from the next iteration on. */
@PostgresTest
class TuningTests {

  private static final int ROWS = 600;

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createNumbers(Database database) {
    this.database = database;
    createTable(database, "numbers", ROWS);
    Rows.run(database, "CREATE TABLE copied (id bigint)");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void changesTheNextIterationOfARunThatIsUnderWay(int lanes) throws Exception {
    var iterations = new AtomicInteger();
    try (var engine = new Engine(database, script.controller(), copying(lanes))) {
      script.onEnter(
          () -> {
            var number = iterations.incrementAndGet();
            if (number == 3) {
              set(Knob.MAX, "40");
            }
            if (number >= 3 && number < 3 + lanes) {
              engine.awaitLook();
            }
            return null;
          });
      engine.queue("copying").work();
    }

    assertThat(sizes()).contains(50, 40).doesNotContain(100);
    assertThat(sizes().subList(sizes().size() - 3, sizes().size()))
        .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(40));
    assertThat(Rows.of(database, "SELECT count(*) || ' ' || count(DISTINCT id) FROM copied"))
        .containsExactly(ROWS + " " + ROWS);
    assertThat(new Knobs(database.jdbc()).of("copying").all()).isEmpty();
  }

  @Test
  void holdsFromTheFirstIterationOfARestart() throws Exception {
    try (var engine = new Engine(database, script.controller(), copying(1))) {
      script.atIteration(
          3,
          () -> {
            set(Knob.MAX, "40");
            engine.stop();
            ScriptedController.sleep();
          });
      engine.queue("copying").step();
    }
    assertThat(sizes()).containsExactly(50, 50);

    script.onEnter(() -> null);
    new Engine(database, script.controller(), copying(1)).finish();

    assertThat(sizes()).hasSize(2 + 13).filteredOn(size -> size == 40).hasSize(12);
  }

  @Test
  void isTheTargetOfTheNextChunks() throws Exception {
    try (var engine = new Engine(database, script.controller(), copying(1))) {
      engine.queue("copying");
      set(Knob.TARGET, "250ms");
      script.atIteration(
          2,
          () -> {
            engine.stop();
            ScriptedController.sleep();
          });
      engine.step();

      assertThat(
              engine
                  .show("copying")
                  .progress()
                  .work()
                  .lane()
                  .orElseThrow()
                  .progress()
                  .lastChunk()
                  .targetMs())
          .isEqualTo(250);
    }
  }

  private JobFile copying(int lanes) {
    var copy =
        new ReadWrite(
            new Read.Table("numbers", List.of("id"), null),
            null,
            statements("INSERT INTO copied SELECT id FROM chunk"));
    var update = inChunksOf(50, update("copying", copy));
    return job(update.with(update.options().inLanes(lanes)));
  }

  private void set(Knob knob, String value) {
    new Knobs(database.jdbc()).set("copying", knob, value, "anna", null);
  }

  /** Of the chunks, in the order in which they were committed. */
  private List<Integer> sizes() {
    return Rows.of(
            database,
            "SELECT count(*) FROM copied GROUP BY xmin ORDER BY min(CAST(CAST(xmin AS text) AS bigint))")
        .stream()
        .map(Integer::valueOf)
        .toList();
  }
}
