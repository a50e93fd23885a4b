package io.undercurrent.shell.screen;

import java.time.Duration;
import java.util.List;

/** Figures as pictures of characters. */
public final class Drawing {

  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final String ASCII_BARS = "_.:-=+*#";

  private Drawing() {}

  /** How much is done, in that many columns; all of them only where everything is. */
  public static String progressBar(double percent, int columns, boolean unicode) {
    var done = (int) (Math.max(0, Math.min(100, percent)) * columns / 100);
    return (unicode ? "█" : "#").repeat(done) + (unicode ? "░" : ".").repeat(columns - done);
  }

  /** A column for each duration, as high as it is long in comparison with the longest. */
  public static String sparkline(List<Duration> durations, boolean unicode) {
    var bars = unicode ? BARS : ASCII_BARS;
    var longest = durations.stream().mapToLong(Duration::toMillis).max().orElse(0);
    var line = new StringBuilder();
    for (var duration : durations) {
      var height = longest == 0 ? 0 : duration.toMillis() * (bars.length() - 1) / longest;
      line.append(bars.charAt((int) height));
    }
    return line.toString();
  }
}
