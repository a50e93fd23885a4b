package io.undercurrent.brake;

import io.undercurrent.state.Measure;
import java.time.Duration;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A signal that holds updates back at this moment.
 *
 * @param measure what it has shown last; without a value if it cannot be read
 * @param detail what else there is to say, in a clause; why, if it cannot be read
 * @param held for how long it has done so
 * @param critical the threshold above which the update is to be paused, if it is above it
 */
public record Brake(
    Measure measure, @Nullable String detail, Duration held, @Nullable Double critical) {

  /** The worst first: critical ones, then those that are the farthest above their thresholds. */
  static final Comparator<Brake> WORST_FIRST =
      Comparator.comparing(Brake::isCritical)
          .thenComparing(Brake::excess)
          .reversed()
          .thenComparing(Brake::signal);

  private boolean isCritical() {
    return critical != null;
  }

  String signal() {
    return measure.signal();
  }

  private double excess() {
    var value = measure.value();
    return value == null ? 0 : value / Math.max(measure.threshold(), Double.MIN_NORMAL);
  }

  /** What it has shown, and above what it holds. */
  String words() {
    return "%s%s; it holds above %s"
        .formatted(
            measure.words(),
            detail == null ? "" : " (" + detail + ")",
            measure.unit().words(measure.threshold()));
  }

  /** Why the update is paused, for whoever finds it so. */
  public String criticalWords() {
    return "%s, critical above %s%s"
        .formatted(
            measure.words(),
            measure.unit().words(critical == null ? measure.threshold() : critical),
            detail == null ? "" : " (" + detail + ")");
  }

  /** Whether another one says the same, but for its figures. */
  boolean isLike(Brake other) {
    return signal().equals(other.signal())
        && isCritical() == other.isCritical()
        && (measure.value() == null) == (other.measure.value() == null);
  }
}
