package io.undercurrent.health;

import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/**
 * What is configured of a signal; what is left open is the signal's.
 *
 * @param hold above it, no iteration begins: {@code 10s}, {@code 1GB} or {@code 20}, or {@code off}
 * @param critical above it, the update is paused for good; the same, or {@code off}
 * @param backOff how long it holds at least
 * @param ifUnknown what becomes of updates once it could not be read for {@code
 *     undercurrent.health.unknown-after}
 */
record SignalProperties(
    @Nullable String hold,
    @Nullable String critical,
    @Nullable Duration backOff,
    @Nullable IfUnknown ifUnknown) {

  private static final Pattern NUMBER = Pattern.compile("[+-]?0*[1-9][0-9]*");

  static final SignalProperties OPEN = new SignalProperties(null, null, null, null);

  /** What becomes of updates. */
  enum IfUnknown {
    HOLD,
    GO
  }

  /**
   * The limits, with a signal's own where nothing is configured.
   *
   * @param name the signal's, for messages
   * @throws IllegalArgumentException if a threshold is none
   */
  Limits or(String name, Limits own) {
    var held = hold == null ? own.hold() : threshold(name + ".hold", hold, own.unit());
    return new Limits(
        held,
        critical(name + ".critical", held, own),
        backOff(name + ".back-off", own),
        ifUnknown == null ? own.holdsUnknown() : ifUnknown == IfUnknown.HOLD,
        own.unit());
  }

  private @Nullable Double critical(String key, @Nullable Double held, Limits own) {
    if (critical == null && (held == null || own.critical() == null)) {
      return null;
    }
    var found = critical == null ? own.critical() : threshold(key, critical, own.unit());
    if (found != null && (held == null || found < held)) {
      throw new IllegalArgumentException(
          "undercurrent.health.%s: expected %s, got %s%s"
              .formatted(
                  key,
                  held == null
                      ? "off where hold is off"
                      : "off, or at least hold, which is " + own.unit().words(held),
                  own.unit().words(found),
                  critical == null ? ", the default" : ""));
    }
    return found;
  }

  private Duration backOff(String key, Limits own) {
    if (backOff != null && backOff.isNegative()) {
      throw new IllegalArgumentException(
          "undercurrent.health.%s: expected a duration of 0 or more, got %dms"
              .formatted(key, backOff.toMillis()));
    }
    return backOff == null ? own.backOff() : backOff;
  }

  private static @Nullable Double threshold(String key, String text, Unit unit) {
    // YAML takes a bare off for false
    if (text.equals("off") || text.equals("false")) {
      return null;
    }
    try {
      var value =
          switch (unit) {
            case SECONDS -> seconds(text);
            case BYTES -> DataSize.parse(text).toBytes();
            case COUNT -> Double.parseDouble(text);
          };
      if (value >= 0 && Double.isFinite(value)) {
        return value;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "undercurrent.health.%s: expected %s or off, got '%s'".formatted(key, words(unit), text));
  }

  /** Without a unit they would be milliseconds, which nobody means. */
  private static double seconds(String text) {
    if (NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return DurationStyle.detectAndParse(text).toMillis() / 1e3;
  }

  private static String words(Unit unit) {
    return switch (unit) {
      case SECONDS -> "a duration such as 10s";
      case BYTES -> "a size such as 512MB";
      case COUNT -> "a number of 0 or more";
    };
  }
}
