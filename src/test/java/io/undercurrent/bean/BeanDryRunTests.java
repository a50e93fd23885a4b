package io.undercurrent.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.execution.UnleasedSession;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.testing.Engine;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** What a dry run has beans do. */
class BeanDryRunTests extends BeanTests {

  @Test
  void callsThoseThatWorkInTheTransaction(Database database) throws Exception {
    var before = numbers(database);

    var tried = dryRun(database, inside(ROWS, SET_N));

    assertThat(tried.chunks())
        .first()
        .satisfies(chunk -> assertThat(chunk.changed()).isEqualTo(10));
    assertThat(bean.calls).isNotEmpty();
    assertThat(numbers(database)).isEqualTo(before);
  }

  @Test
  void leavesOutThoseThatNoRollbackWouldUndo(Database database) throws Exception {
    var tried = dryRun(database, outside(ROWS, SET_N));

    assertThat(tried.chunks())
        .first()
        .satisfies(chunk -> assertThat(chunk.matching()).isEqualTo(10))
        .satisfies(chunk -> assertThat(chunk.changed()).isNull());
    assertThat(tried.remarks()).first().asString().startsWith("Chunks were only read: a bean");
    assertThat(bean.calls).isEmpty();
  }

  @Test
  void isNotCalledAfterAnInterruption(Database database) {
    var before = numbers(database);
    script.onEnter(
        () -> {
          Thread.currentThread().interrupt();
          return null;
        });

    assertThatThrownBy(() -> dryRun(database, inside(ROWS, SET_N)))
        .isInstanceOf(InterruptedException.class);

    assertThat(Thread.interrupted()).isFalse();
    assertThat(bean.calls).isEmpty();
    assertThat(numbers(database)).isEqualTo(before);
  }

  private DryRun dryRun(Database database, UpdateDefinition update) throws Exception {
    var context =
        new RunnerContext(
            script.controller(),
            bean,
            FailurePolicy.STANDARD,
            RunnerListener.NONE,
            Clock.systemUTC(),
            bean);
    var defined = Engine.defined(Engine.job(update)).orElseThrow();
    return UnleasedSession.dryRun(database, context, defined, chunk -> {});
  }
}
