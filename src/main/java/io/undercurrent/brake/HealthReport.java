package io.undercurrent.brake;

import io.undercurrent.state.Hold;
import io.undercurrent.state.Measure.Unit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a database does at this moment.
 *
 * @param signals each of them, also those that are off
 * @param noted what the process that runs the updates holds them for, the worst first
 */
public record HealthReport(List<SignalView> signals, List<Hold> noted) {

  /**
   * What a signal shows.
   *
   * @param subject what was measured of several such, or null
   * @param value in the unit, or null if there is none
   * @param hold the threshold, or null if the signal is off
   * @param critical the one of pauses, or null
   * @param detail what else there is to say, in a clause, or null
   */
  public record SignalView(
      String signal,
      @Nullable String subject,
      @Nullable Double value,
      Unit unit,
      @Nullable Double hold,
      @Nullable Double critical,
      Verdict verdict,
      @Nullable String detail) {}

  /** What follows from what a signal shows; a hold may be in force still, or not yet. */
  public enum Verdict {
    /** Updates may go on. */
    GO,
    /** It is above its threshold. */
    HOLD,
    /** It is above that of pauses. */
    CRITICAL,
    /** It cannot be read. */
    UNKNOWN,
    /** It holds nothing, whatever it shows. */
    OFF,
    /** There is nothing that it could show. */
    NOTHING;

    public String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
