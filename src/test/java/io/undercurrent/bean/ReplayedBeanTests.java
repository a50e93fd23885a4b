package io.undercurrent.bean;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.quarantine.QuarantineFilter;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.runner.QuarantineReplay;
import io.undercurrent.runner.QuarantineReplay.Outcome;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.Rows;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows on which a bean has failed, tried again. */
class ReplayedBeanTests extends BeanTests {

  private static final String OPEN =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'undercurrent replay' AND xact_start IS NOT NULL";

  @Test
  void areProcessedWhereTheFileSays(Database database) throws Exception {
    var open = new ArrayList<@Nullable String>();

    for (var update : List.of(inside(ROWS, SET_N), outside(ROWS, SET_N))) {
      putAside(database, update);
      bean.on(id -> open.addAll(Rows.of(database, OPEN)));

      assertThat(replay(database, update)).containsExactly(Outcome.DONE);
    }

    assertThat(open).containsExactly("1", "0");
    assertThat(numbers(database)).isEqualTo(times(100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  }

  @Test
  void stayWhereTheBeanFailsAgain(Database database) throws Exception {
    putAside(database, outside(ROWS, SET_N));
    bean.on(id -> fail("still no berth"));

    assertThat(replay(database, outside(ROWS, SET_N))).containsExactly(Outcome.FAILED);

    assertThat(Rows.of(database, "SELECT message FROM undercurrent.quarantine"))
        .singleElement()
        .asString()
        .contains("bean 'ship' failed: IllegalStateException: still no berth");
  }

  @Test
  void areProcessedAgainWhereTheyHaveChangedMeanwhile(Database database) throws Exception {
    putAside(database, outside(ROWS, SET_N));
    var changes = new ArrayList<>(List.of("UPDATE numbers SET n = 50 WHERE id = 5"));
    bean.on(
        id -> changes.stream().findFirst().ifPresent(sql -> Rows.run(database, changes.remove(0))));

    assertThat(replay(database, outside(ROWS, SET_N))).containsExactly(Outcome.DONE);

    assertThat(numbers(database)).element(4).isEqualTo("500");
  }

  /** The fifth row fails five times. */
  private void putAside(Database database, UpdateDefinition update) throws Exception {
    bean.on(
        id -> {
          if (id.equals("5")) {
            fail("no berth");
          }
        });
    assertThat(run(database, limited(update))).isNull();
    assertThat(Rows.of(database, "SELECT key FROM undercurrent.quarantine"))
        .containsExactly("[\"5\"]");
  }

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }

  private static UpdateDefinition limited(UpdateDefinition update) {
    return update.with(new QuarantineLimit(1, null));
  }

  private List<Outcome> replay(Database database, UpdateDefinition update) throws Exception {
    var context =
        new RunnerContext(
            script.controller(),
            bean,
            FailurePolicy.STANDARD,
            RunnerListener.NONE,
            Clock.systemUTC(),
            bean);
    var outcomes = new ArrayList<Outcome>();
    var defined = Engine.defined(Engine.job(limited(update))).orElseThrow();
    try (var replay = new QuarantineReplay(database, context, defined, 1)) {
      for (var row :
          new QuarantineTable(database.jdbc()).list(QuarantineFilter.of("numbers"), 10)) {
        outcomes.add(replay.row(row));
      }
    }
    return outcomes;
  }
}
