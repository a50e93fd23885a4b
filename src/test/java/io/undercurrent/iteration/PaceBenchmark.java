package io.undercurrent.iteration;

import io.undercurrent.controller.PaceRule;
import io.undercurrent.iteration.PaceScenario.Figures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares the rules that chunk sizes follow, in simulated time. */
@Tag("benchmark")
class PaceBenchmark {

  @Test
  void comparesTheRules() {
    System.out.printf(
        "%-16s %-10s %6s %7s %6s %6s %6s %8s%n",
        "scenario", "rule", "first", "within", "p95", "worst", "above", "rows/ms");
    for (var scenario : PaceScenario.values()) {
      for (var rule : PaceRule.values()) {
        for (var seed = 1; seed <= Integer.getInteger("seeds", 3); seed++) {
          var run = scenario.run(rule, seed);
          var figures = Figures.of(run.marked());
          System.out.printf(
              "%-16s %-10s %6d %7.2f %6.2f %6.2f %6d %8.2f%n",
              scenario,
              rule,
              figures.first(),
              figures.within(),
              figures.p95(),
              figures.worst(),
              figures.above(),
              run.position / run.time);
        }
      }
    }
  }

  public static void main(String[] args) {
    new PaceBenchmark().comparesTheRules();
  }
}
