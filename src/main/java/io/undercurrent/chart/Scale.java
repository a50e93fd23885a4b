package io.undercurrent.chart;

import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * An axis of values from 0 up to a round number.
 *
 * @param top the greatest value that has a place on it
 */
record Scale(double top) {

  private static final double[] ROUND = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};

  /** The one on which the greatest value of a curve has a place. */
  static Scale upTo(double greatest) {
    if (greatest <= 0) {
      return new Scale(1);
    }
    var magnitude = Math.pow(10, Math.floor(Math.log10(greatest)));
    var top =
        DoubleStream.of(ROUND)
            .map(round -> round * magnitude)
            .filter(round -> round >= greatest * (1 - 1e-9))
            .min()
            .orElse(10 * magnitude);
    return new Scale(top);
  }

  /** Where a value has its place: from 0 to 1. */
  double fraction(double value) {
    return Math.max(0, Math.min(1, value / top));
  }

  /** A value in at most seven characters: {@code 0.25}, {@code 12,000}, {@code 1.5M}. */
  static String label(double value) {
    if (value >= 999_999.5) {
      var units = "MGTP";
      var unit = 0;
      var number = value / 1e6;
      while (number >= 999.5 && unit < units.length() - 1) {
        number /= 1000;
        unit++;
      }
      return plain(number) + units.charAt(unit);
    }
    return value >= 100 ? String.format(Locale.ROOT, "%,d", Math.round(value)) : plain(value);
  }

  /** Without zeros at the end; two digits that count. */
  private static String plain(double value) {
    var digits = value == 0 || value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.1 ? 3 : 4;
    var text = String.format(Locale.ROOT, "%." + digits + "f", value);
    return text.replaceAll("\\.?0+$", "");
  }
}
