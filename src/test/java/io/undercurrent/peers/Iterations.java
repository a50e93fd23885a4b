package io.undercurrent.peers;

import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How long iterations took that were to take 100 ms, from enter to exit of the controller. A try
 * that was cut and rolled back is one as well.
 */
final class Iterations implements OnUpdate {

  static final Duration TARGET = Duration.ofMillis(100);

  /** How many iterations from one on are looked at, and how many of those have to be near. */
  private static final int LOOKED_AT = 10;

  private static final int MAJORITY = 7;

  private final List<Double> all = Collections.synchronizedList(new ArrayList<>());
  private final List<Double> rolledBack = Collections.synchronizedList(new ArrayList<>());
  private volatile Runnable onEnter = () -> {};

  Controller controller() {
    return new Controller(this, (update, name) -> 100, (update, name) -> 100, "the benchmark");
  }

  /** Runs before each iteration. */
  Iterations onEnter(Runnable action) {
    onEnter = action;
    return this;
  }

  @Override
  public Iteration onUpdate(String updateName, String databaseName, boolean oneShot) {
    return new Iteration() {
      private long entered;

      @Override
      public Duration enter() {
        onEnter.run();
        entered = System.nanoTime();
        return TARGET;
      }

      @Override
      public void exit(@Nullable Throwable failure) {
        var multiple = (System.nanoTime() - entered) / (double) TARGET.toNanos();
        all.add(multiple);
        if (failure != null) {
          rolledBack.add(multiple);
        }
      }
    };
  }

  /** All that was tried, as multiples of the target. */
  List<Double> all() {
    return List.copyOf(all);
  }

  /** How long all of them took together. */
  double seconds() {
    return all().stream().mapToDouble(each -> each).sum() * TARGET.toMillis() / 1000;
  }

  int count() {
    return all.size();
  }

  /** As multiples of the target, without the last two: the remainder, and a look for more. */
  List<Double> multiples() {
    return List.copyOf(all.subList(0, Math.max(0, all.size() - 2)));
  }

  /** Those from one on. */
  List<Double> multiplesFrom(int iteration) {
    var multiples = multiples();
    return multiples.subList(Math.min(iteration, multiples.size()), multiples.size());
  }

  int rolledBack() {
    return rolledBack.size();
  }

  /**
   * The number of the first iteration that is near the target, as are seven of the ten from it on;
   * the number of all if there is none.
   */
  int settledAt() {
    var multiples = multiples();
    return IntStream.range(0, multiples.size())
        .filter(i -> isNear(multiples.get(i)))
        .filter(
            i ->
                multiples.subList(i, Math.min(multiples.size(), i + LOOKED_AT)).stream()
                        .filter(Iterations::isNear)
                        .count()
                    >= MAJORITY)
        .map(i -> i + 1)
        .findFirst()
        .orElse(multiples.size());
  }

  /** Within 20 % of the target. */
  private static boolean isNear(double multiple) {
    return multiple >= 0.8 && multiple <= 1.2;
  }

  static double shareNear(List<Double> multiples) {
    return (double) multiples.stream().filter(Iterations::isNear).count() / multiples.size();
  }

  static double percentile(List<Double> multiples, double share) {
    var sorted = multiples.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size())));
  }

  static String words(List<Double> multiples) {
    return String.join(
        " ",
        multiples.stream().map(each -> String.format(Locale.ROOT, "%.0f", 100 * each)).toList());
  }
}
