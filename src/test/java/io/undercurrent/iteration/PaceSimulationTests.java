package io.undercurrent.iteration;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.PaceRule;
import io.undercurrent.iteration.PaceScenario.Figures;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What durations chunks have by the pace, in simulated time. */
class PaceSimulationTests {

  private static final int ITERATIONS_TO_LEARN = 8;

  @ParameterizedTest
  @EnumSource(
      names = {"SPIKES", "WILD", "SLOW_ROWS", "SLOWEST_ROWS", "SLOW_CHUNKS"},
      mode = Mode.EXCLUDE)
  void learnsAtOnceAndStaysNearTheTarget(PaceScenario scenario) {
    assertThat(figures(scenario, 3))
        .allSatisfy(
            figures -> {
              assertThat(figures.first()).isLessThanOrEqualTo(ITERATIONS_TO_LEARN);
              assertThat(figures.within()).isGreaterThanOrEqualTo(0.7);
              assertThat(figures.p95()).isLessThanOrEqualTo(1.4);
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"DEAR", "DEARER", "DEAREST", "HALF_DEAR"})
  void isOverADearStretchAfterThreeIterations(PaceScenario scenario) {
    assertThat(figures(scenario, 10))
        .allSatisfy(
            figures -> {
              assertThat(figures.worst()).isLessThanOrEqualTo(4);
              assertThat(figures.above()).isLessThanOrEqualTo(3);
            });
  }

  @Test
  void doesNotSwingWhereSingleIterationsAreSlow() {
    assertThat(figures(PaceScenario.SPIKES, 3))
        .allSatisfy(figures -> assertThat(figures.within()).isGreaterThan(0.6));
    assertThat(figures(PaceScenario.WILD, 3))
        .allSatisfy(figures -> assertThat(figures.within()).isGreaterThan(0.6));
  }

  @Test
  void fitsTheTargetBelowTheMinimumWhereAMinimumCannotCommit() {
    assertThat(figures(PaceScenario.SLOW_ROWS, 3))
        .allSatisfy(figures -> assertThat(figures.within()).isGreaterThan(0.5));
  }

  @Test
  void goesOnRowByRowWhereOneTakesLongerThanTheTarget() {
    var run = PaceScenario.SLOWEST_ROWS.run(PaceRule.ADAPTIVE, 1);

    // of 300 ms each; what was cut off and learnt in vain is a part of it
    assertThat(run.time / run.position).isBetween(300.0, 450.0);
  }

  @Test
  void growsWhereNoChunkIsAsFastAsTheTarget() {
    var run = new SimulatedRun(PaceRule.ADAPTIVE, 1);
    run.walk = key -> 25;
    run.iterate(10).walk = key -> 0;
    run.fixed = 2_000;

    var before = run.iterate(80).position;

    assertThat(run.iterate(10).position - before).isEqualTo(10 * run.least);
  }

  @Test
  void recoversFromAnAccidentWithinAFewIterations() {
    var run = new SimulatedRun(PaceRule.ADAPTIVE, 1);
    run.noise = run.spikes = 0;
    run.iterate(50).mark().accident = 5_000;

    run.iterate(6);

    assertThat(run.marked().get(0)).isGreaterThan(3);
    assertThat(run.marked().get(1)).isLessThan(0.5);
    assertThat(run.marked().get(5)).isBetween(0.8, 1.2);
  }

  @Test
  void doesATinyTableInOneIteration() {
    var run = new SimulatedRun(PaceRule.ADAPTIVE, 1);
    run.rows = 70;

    assertThat(run.iterate(10).ratios).hasSize(1);
  }

  @Test
  void isFasterToLearnThanTheReference() {
    var quiet = PaceScenario.QUIET;

    assertThat(Figures.of(quiet.run(PaceRule.ADAPTIVE, 1).marked()).first())
        .isLessThan(Figures.of(quiet.run(PaceRule.REFERENCE, 1).marked()).first());
  }

  private static Stream<Figures> figures(PaceScenario scenario, int seeds) {
    return LongStream.rangeClosed(1, seeds)
        .mapToObj(seed -> Figures.of(scenario.run(PaceRule.ADAPTIVE, seed).marked()));
  }
}
