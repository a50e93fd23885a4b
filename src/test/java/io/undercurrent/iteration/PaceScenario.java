package io.undercurrent.iteration;

import io.undercurrent.controller.PaceRule;
import java.util.List;
import java.util.function.Consumer;

/** What a run may meet with, as a model. */
enum PaceScenario {
  QUIET(run -> run.noise = run.spikes = 0),
  NOISE(run -> {}),
  SPIKES(run -> run.spikes = 0.08),
  DEAR(
      run -> {
        run.spikes = 0;
        run.iterate(100).mark();
        var from = run.position + 7_000;
        run.write = key -> key < from ? 0.004 : 0.12;
      }),
  DEAREST(
      run -> {
        run.spikes = 0;
        run.iterate(100).mark().write = key -> 0.4;
      }),
  DEARER(
      run -> {
        run.spikes = 0;
        run.iterate(100).mark().write = key -> 0.012;
      }),
  HALF_DEAR(
      run -> {
        run.spikes = 0;
        run.filters = true;
        run.matches = key -> hash(key) < 0.1;
        run.write = key -> 0.03;
        run.iterate(100).mark().write = key -> 0.9;
      }),
  CHEAP(
      run -> {
        run.spikes = 0.02;
        run.write = key -> 0.15;
        run.iterate(100).mark().write = key -> 0.004;
      }),
  FIXED_COST(run -> run.fixed = 20),
  WIDE_ROWS(run -> run.write = key -> hash(key) < 0.01 ? 1 : 0.02 * (0.2 + 1.6 * hash(key + 7))),
  DRIFT(run -> run.write = key -> 0.02 * (1.5 + Math.sin(key / 1e5))),
  WILD(run -> run.write = key -> 0.02 * Math.exp(2 * hash(key / 20_000))),
  SPARSE(
      run -> {
        run.filters = true;
        run.matches = key -> hash(key) < 0.001;
        run.write = key -> 0.05;
      }),
  HALF(
      run -> {
        run.filters = true;
        run.matches = key -> hash(key) < 0.1;
        run.write = key -> 0.03;
      }),
  CLUSTERED(
      run -> {
        run.filters = true;
        run.matches = key -> key / 300_000 % 2 == 1;
        run.write = key -> 0.02;
      }),
  CLUSTERED_DEAR(
      run -> {
        run.filters = true;
        run.matches = key -> key / 300_000 % 2 == 1;
        run.write = key -> 0.2;
      }),
  BEAN(
      run -> {
        run.bean = true;
        run.write = key -> 5;
      }),
  TARGET(
      run -> {
        run.fixed = 5;
        run.iterate(50).target = 20;
        run.iterate(50).target = 500;
      }),
  RESTART(
      run -> {
        run.spikes = 0;
        run.iterate(50).restart().mark();
      }),
  SLOW_ROWS(run -> run.write = key -> 30),
  SLOWEST_ROWS(run -> run.write = key -> 300),
  SLOW_CHUNKS(run -> run.fixed = 150);

  private final Consumer<SimulatedRun> script;

  PaceScenario(Consumer<SimulatedRun> script) {
    this.script = script;
  }

  SimulatedRun run(PaceRule rule, long seed) {
    var run = new SimulatedRun(rule, seed);
    script.accept(run);
    return run.iterate(150);
  }

  /** Evenly between 0 and 1. */
  static double hash(long key) {
    var mixed = key * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    return ((mixed ^ mixed >>> 32) >>> 11) / (double) (1L << 53);
  }

  /**
   * What the durations of iterations say.
   *
   * @param first the first that is within a fifth of the target, from 1 on; 0 for none
   * @param within how many are among those that follow
   * @param p95 in targets
   * @param worst likewise
   * @param above how many took longer than two targets
   */
  record Figures(int first, double within, double p95, double worst, long above) {

    static Figures of(List<Double> ratios) {
      var first = 1 + (int) ratios.stream().takeWhile(ratio -> !isWithin(ratio)).count();
      var after = ratios.subList(Math.min(first, ratios.size()), ratios.size());
      var sorted = after.stream().sorted().toList();
      return new Figures(
          first,
          after.stream().filter(Figures::isWithin).count() / (double) after.size(),
          sorted.isEmpty() ? 0 : sorted.get((int) (0.95 * (sorted.size() - 1))),
          ratios.stream().max(Double::compare).orElse(0.0),
          ratios.stream().filter(ratio -> ratio > 2).count());
    }

    private static boolean isWithin(double ratio) {
      return Math.abs(ratio - 1) <= 0.2;
    }
  }
}
