package io.undercurrent.shell.screen;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them: {@code 12,000}, {@code 12.4/ms}, {@code 42 %}. */
public final class Numbers {

  static final String NONE = "-";

  private Numbers() {}

  public static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  public static String grouped(@Nullable Integer number) {
    return number == null ? NONE : grouped(number.longValue());
  }

  /** Items a millisecond; small rates keep two digits that count. */
  public static String perMs(@Nullable Double rate) {
    if (rate == null) {
      return NONE;
    }
    return String.format(Locale.ROOT, rate < 1 ? "%.2f/ms" : "%,.1f/ms", rate);
  }

  /** Whole percents, and 100 only for what is finished. */
  public static String percent(double percent) {
    return percent >= 100 ? "100 %" : (int) percent + " %";
  }

  /** {@code 980 B}, {@code 35 kB}, {@code 1.2 GB}; units of 1,000. */
  public static String bytes(double bytes) {
    var units = List.of("B", "kB", "MB", "GB", "TB");
    var unit = 0;
    var number = bytes;
    while (number >= 999.5 && unit < units.size() - 1) {
      number /= 1000;
      unit++;
    }
    var format = number < 9.95 && unit > 0 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, format, number, units.get(unit));
  }

  /** {@code 1 update}, {@code 2 updates}. */
  public static String of(long number, String noun) {
    return grouped(number) + " " + noun + (number == 1 ? "" : "s");
  }
}
