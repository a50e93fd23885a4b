package io.undercurrent.state;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a signal of a database's health has shown, beside the threshold that it was compared with.
 *
 * @param signal its name in the configuration: {@code replication-lag}
 * @param subject what was measured of several such: a standby, a slot, a table; null if there is
 *     only one
 * @param value in the unit; null if it cannot be read
 * @param threshold in the unit; above it, iterations are held
 * @param unit of both
 */
public record Measure(
    String signal, @Nullable String subject, @Nullable Double value, double threshold, Unit unit) {

  /** Whoever is held goes on at so much of the threshold. */
  public static final double GO_ON_AT = 0.8;

  /** The signal, with what was measured: {@code replication-lag of standby_1}. */
  public String name() {
    return subject == null ? signal : signal + " of " + subject;
  }

  /** With the figure: {@code replication-lag of standby_1 is 34 s}. */
  public String words() {
    return "%s %s".formatted(name(), value == null ? "cannot be read" : "is " + unit.words(value));
  }

  /** What a signal is measured in. */
  public enum Unit {
    SECONDS,
    BYTES,
    COUNT;

    private static final List<String> SIZES = List.of("B", "kB", "MB", "GB", "TB");

    /** A figure as people read it: {@code 34 s}, {@code 1.2 GB} in units of 1,024, {@code 20}. */
    public String words(double figure) {
      return switch (this) {
        case SECONDS -> seconds(figure);
        case BYTES -> bytes(figure);
        case COUNT -> number(figure);
      };
    }

    private static String seconds(double figure) {
      if (figure < 120) {
        return (figure < 10 ? number(figure) : number(Math.floor(figure))) + " s";
      }
      var minutes = (long) figure / 60;
      var hours = minutes / 60 + " h";
      if (minutes % 60 == 0) {
        return hours;
      }
      return minutes < 120 ? minutes + " min" : "%s %d min".formatted(hours, minutes % 60);
    }

    private static String bytes(double figure) {
      var unit = 0;
      var number = figure;
      while (number >= 1023.95 && unit < SIZES.size() - 1) {
        number /= 1024;
        unit++;
      }
      return (number < 10 ? number(number) : number(Math.rint(number))) + " " + SIZES.get(unit);
    }

    /** At most one digit after the point. */
    private static String number(double figure) {
      var rounded = Math.rint(figure * 10) / 10;
      return rounded == Math.rint(rounded)
          ? String.format(Locale.ROOT, "%,.0f", rounded)
          : String.format(Locale.ROOT, "%,.1f", rounded);
    }
  }
}
