package io.undercurrent.peers;

import java.util.List;
import java.util.Locale;

/** The median of a figure over the rounds, and its extremes. */
record Spread(double median, double least, double most) {

  static Spread of(List<Double> figures) {
    var sorted = figures.stream().sorted().toList();
    return new Spread(sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f (%.2f..%.2f)", median, least, most);
  }
}
