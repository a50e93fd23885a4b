package io.undercurrent.status;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.controller.Performance;
import io.undercurrent.database.Database;
import io.undercurrent.history.Run;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Progress;
import io.undercurrent.iteration.RecentIterations;
import io.undercurrent.iteration.Written;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSetting;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.Slice.State;
import io.undercurrent.status.UpdateDetail.TimeoutsView;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class ShowTests {

  private static final Written NOTHING = new Written(0L, new ChangedRows(List.of()));
  private static final RecentIterations NONE = new RecentIterations(List.of());

  @Test
  void showsFromOutsideWhereARunIs(Database database) throws Exception {
    var script = new ScriptedController();
    var seen = new ArrayList<UpdateDetail>();
    createTable(database, "numbers", 1_000);
    var job = job(counting("numbers", "numbers"));
    try (var engine = new Engine(database, script.controller(), job)) {
      var reader = new StatusReader(database, Owner.thisProcess(), name -> Engine.defined(job));
      script.atIteration(2, () -> seen.add(reader.show("numbers")));

      engine.queue("numbers").steps();

      var detail = seen.get(0);
      assertThat(detail.position()).containsExactly("100");
      assertThat(detail.end()).containsExactly("1000");
      assertThat(Objects.requireNonNull(detail.chunk()).reason())
          .isEqualTo("the default batch size, as nothing was counted before");
      assertThat(detail.timeouts())
          .isEqualTo(new TimeoutsView(Duration.ofSeconds(2), Duration.ofSeconds(10)));
      assertThat(detail.reasons()).extracting(Hold::kind).containsExactly(Kind.MOVING);
      var progress = Objects.requireNonNull(detail.progress());
      assertThat(progress.state()).isEqualTo(UpdateState.RUNNING);
      var far = Objects.requireNonNull(progress.progress());
      assertThat(far.percent()).isBetween(9.0, 10.1);
      assertThat(far.percentAtMost()).isBetween(10.0, 11.1);
      assertThat(far.basis()).isEqualTo("by the position among the keys (planner's statistics)");
    }
  }

  @Test
  void showsTheSlicesOfARunInSeveralLanes(Database database) throws Exception {
    var script = new ScriptedController();
    var seen = new CopyOnWriteArrayList<UpdateDetail>();
    createTable(database, "numbers", 2_000);
    var counting = counting("numbers", "numbers");
    var job = job(inChunksOf(50, counting.with(counting.options().inLanes(2))));
    try (var engine = new Engine(database, script.controller(), job)) {
      var reader = new StatusReader(database, Owner.thisProcess(), name -> Engine.defined(job));
      script.atIteration(12, () -> seen.add(reader.show("numbers")));

      engine.queue("numbers").steps();

      var run = Objects.requireNonNull(seen.get(0).progress()).work();
      assertThat(run.wanted()).isEqualTo(2);
      assertThat(run.slices()).hasSize(8);
      assertThat(run.count(State.AT_WORK)).isBetween(1L, 2L);
      assertThat(run.count(State.WAITING)).isPositive();
      assertThat(run.items()).isBetween(50L, 600L);
      assertThat(seen.get(0).end()).containsExactly("2000");
      assertThat(engine.show("numbers").lastRun())
          .returns(2_000L, Run::read)
          .returns(2_000L, Run::changed);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DEFAULT |     100 | 0   | 100     | default  | the default batch size, as nothing was counted before
          PACE    |   1,240 | 12.4 |   1,240 | pace     | what fits a target of 100 ms at 12.4 items/ms
          SLOW    |     310 | 3.1 |     310 | slow     | the chunk before was slow; what fits a target of 100 ms at 3.1 items/ms
          GROWTH  |     400 | 200 |     400 | growth   | four times the chunk before, as chunks grow step by step; more would fit a target of 100 ms at 200.0 items/ms
          AVERAGE |   1,240 | 12.4 |  1,240 | average  | what fits a target of 100 ms at 12.4 items/ms on the run's average
          MAXIMUM |   5,000 | 80  |   5,000 | maximum  | the most that the job file allows ('batch: {max}'); more would fit a target of 100 ms at 80.0 items/ms
          HELD    |      25 | 0.3 |      25 | held     | a chunk before was too much and was rolled back; chunks grow again step by step
          HALVED  |      50 | 10  |      50 | halved   | other sessions waited for a chunk before, so it was halved; chunks grow again step by step
          SEARCH  |      50 | 10  |      50 | search   | half of what is left of a chunk that failed on a row
          MINIMUM |     100 | 0.034 |    100 | minimum  | the minimum batch size; less would fit a target of 100 ms at 0.034 items/ms
          PACE    | 250,000 | 2500 | 100,000 | memory   | the most rows of a chunk, which is held in memory; the pace would allow 250,000
          ONE_SHOT|       1 | 0   |       1 | one-shot | all in one iteration
          """)
  void saysWhyAChunkHadItsSize(
      Rule rule, String allowed, double itemsPerMs, String size, String word, String reason) {
    var chunk = new ChunkSize(number(allowed), rule, 100, itemsPerMs);

    var view = new ChunkReason(KnobSettings.NONE).of(progress(chunk));

    assertThat(view).isEqualTo(new UpdateDetail.ChunkView(number(size), word, reason));
  }

  @Test
  void saysWhoHasSetWhatDecided() {
    var reason =
        new ChunkReason(
            new KnobSettings(
                List.of(
                    new KnobSetting("a", Knob.TARGET, "250ms", "anna", null, Instant.EPOCH),
                    new KnobSetting("a", Knob.MAX, "5000", "bob", null, Instant.EPOCH))));

    assertThat(reason.of(progress(new ChunkSize(5_000, Rule.MAXIMUM, 250, 80))).reason())
        .isEqualTo(
            "the most that bob has set (max=5000); more would fit a target of 250 ms, set by anna, at 80.0 items/ms");
    assertThat(reason.of(progress(new ChunkSize(4_000, Rule.MAXIMUM, 100, 80))).reason())
        .isEqualTo(
            "the most that the job file allows ('batch: {max}'); more would fit a target of 100 ms at 80.0 items/ms");
  }

  private static Progress progress(ChunkSize chunk) {
    return new Progress(Performance.NONE, 1, 1, 0, chunk, 1, NONE, NOTHING);
  }

  private static int number(String text) {
    return Integer.parseInt(text.replace(",", ""));
  }
}
