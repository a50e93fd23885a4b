package io.undercurrent.chart;

/**
 * The characters that a chart is made of.
 *
 * @param bars parts of a cell from little to all of it
 * @param shares from a little of the time to all of it
 */
record Pen(
    String bars, String shares, char target, String edge, String line, String corner, char tick) {

  static final Pen UNICODE = new Pen("▁▂▃▄▅▆▇█", "░▒▓█", '╌', "│", "─", "└", '┬');
  static final Pen ASCII = new Pen(".:#", ".:+#", '-', "|", "-", "+", '+');

  /** What a bar of so many rows shows in a row, of which the lowest is 0. */
  char bar(double height, int row) {
    var level = (int) Math.round((height - row) * bars.length());
    var shown = height > 0 && row == 0 ? Math.max(1, level) : level;
    return shown <= 0 ? ' ' : bars.charAt(Math.min(shown, bars.length()) - 1);
  }

  /** What stands for a share of the time. */
  char share(double share) {
    var level = (int) Math.ceil((share - Timeline.UNSEEN) * shares.length());
    return level <= 0 ? ' ' : shares.charAt(Math.min(level, shares.length()) - 1);
  }

  /** What the shares look like: {@code ░ 25 % ▒ 50 % ▓ 75 % █ 100 %}. */
  String shareLegend() {
    var legend = new StringBuilder();
    for (var i = 0; i < shares.length(); i++) {
      legend
          .append(i == 0 ? "" : " ")
          .append(shares.charAt(i))
          .append(" %d %%".formatted(100 * (i + 1) / shares.length()));
    }
    return legend.toString();
  }
}
