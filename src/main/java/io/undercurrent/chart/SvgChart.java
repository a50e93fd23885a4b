package io.undercurrent.chart;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Draws a run's curves as SVG, without script, style or anything from elsewhere. It takes the
 * colour of the text around it, so it can be read on light and dark ground.
 */
public final class SvgChart {

  private static final int WIDTH = 960;
  private static final int LEFT = 170;
  private static final int RIGHT = 20;
  private static final int CURVE_WIDTH = WIDTH - LEFT - RIGHT;
  private static final int RATE_HEIGHT = 150;
  private static final int ITERATION_HEIGHT = 100;
  private static final int ROW_HEIGHT = 18;
  private static final int TITLE_HEIGHT = 30;
  private static final int AXIS_HEIGHT = 26;
  private static final int MOST_TICKS = 9;

  private static final String SOLID = "stroke-width=\"1.5\"";
  private static final String DASHED = "stroke-width=\"1.5\" stroke-dasharray=\"6 4\"";
  private static final String DOTTED = "stroke-width=\"1.5\" stroke-dasharray=\"2 3\"";

  private final Timeline timeline;
  private final TimeAxis axis;
  private final StringBuilder svg = new StringBuilder();
  private int y;

  /** How many columns a timeline is best drawn in. */
  public static final int COLUMNS = 240;

  private SvgChart(Timeline timeline, ZoneId zone) {
    this.timeline = timeline;
    this.axis = new TimeAxis(timeline, zone);
  }

  /**
   * An element {@code svg}, to stand in HTML as it is.
   *
   * @param title what screen readers call it
   * @param zone where the reader's clock is
   */
  public static String draw(String title, Timeline timeline, ZoneId zone) {
    return new SvgChart(timeline, zone).draw(title);
  }

  private String draw(String title) {
    rates();
    iterations();
    activities();
    var height = y + AXIS_HEIGHT;
    var body = svg.toString();
    svg.setLength(0);
    grid(height);
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" class="run-chart" viewBox="0 0 %d %d" width="100%%" \
        role="img" font-family="sans-serif" font-size="12" fill="currentColor">
        <title>%s</title>
        %s%s</svg>
        """,
        WIDTH,
        height,
        escaped(title),
        svg,
        body);
  }

  private void rates() {
    var apart = timeline.changedOtherwise();
    title(
        apart ? "items per second (solid), rows changed per second (dashed)" : "items per second");
    var greatest = timeline.greatest(Column::itemsPerSecond);
    var scale =
        Scale.upTo(
            apart ? Math.max(greatest, timeline.greatest(Column::changedPerSecond)) : greatest);
    frame(scale, RATE_HEIGHT);
    area(scale, RATE_HEIGHT, Column::itemsPerSecond);
    line("items", scale, RATE_HEIGHT, Column::itemsPerSecond, SOLID);
    if (apart) {
      line("changed", scale, RATE_HEIGHT, Column::changedPerSecond, DASHED);
    }
    y += RATE_HEIGHT;
  }

  private void iterations() {
    var target = timeline.lastTarget();
    title(
        "milliseconds per iteration (solid)"
            + (target == null ? "" : ", target %s (dotted)".formatted(Scale.label(target))));
    var scale =
        Scale.upTo(
            Math.max(timeline.greatest(Column::iterationTime), timeline.greatest(Column::target)));
    frame(scale, ITERATION_HEIGHT);
    line("iteration", scale, ITERATION_HEIGHT, Column::iterationTime, SOLID);
    line("target", scale, ITERATION_HEIGHT, Column::target, DOTTED);
    y += ITERATION_HEIGHT;
  }

  /** A row for each; the darker, the greater its share. */
  private void activities() {
    title("what the time was spent on");
    for (var activity : timeline.times().keySet()) {
      text(LEFT - 8, y + ROW_HEIGHT - 5, "end", Timeline.words(activity));
      svg.append("<g class=\"activity\">\n");
      shares(activity);
      svg.append("</g>\n");
      y += ROW_HEIGHT;
    }
  }

  private void shares(String activity) {
    var columns = timeline.columns();
    var begin = 0;
    for (var i = 1; i <= columns.size(); i++) {
      var percent = percent(columns.get(begin), activity);
      if (i == columns.size() || percent(columns.get(i), activity) != percent) {
        if (percent > 0) {
          add(
              "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill-opacity=\"%.2f\"/>",
              x(begin), y + 2, x(i) - x(begin), ROW_HEIGHT - 4, 0.1 + 0.75 * percent / 100);
        }
        begin = i;
      }
    }
  }

  /** In steps of five, so that neighbours are one rectangle. */
  private static int percent(Column column, String activity) {
    return (int) Math.ceil((column.share(activity) - Timeline.UNSEEN) * 20) * 5;
  }

  private void grid(int height) {
    for (var tick : axis.ticks(MOST_TICKS)) {
      var x = LEFT + tick.place() * CURVE_WIDTH;
      add(
          "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>",
          x, x, TITLE_HEIGHT, height - AXIS_HEIGHT + 4);
      // one at the edge would be cut off
      text(x, height - 8, tick.place() > 0.95 ? "end" : "middle", tick.label());
    }
  }

  private void title(String text) {
    y += TITLE_HEIGHT;
    text(LEFT, y - 8, "start", text);
  }

  private void frame(Scale scale, int height) {
    for (var part : List.of(0.0, 0.5, 1.0)) {
      var line = y + height * (1 - part);
      add(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\" stroke-opacity=\"0.3\"/>",
          LEFT, WIDTH - RIGHT, line, line);
      text(LEFT - 8, line + 4, "end", Scale.label(scale.top() * part));
    }
  }

  private void area(Scale scale, int height, Function<Column, @Nullable Double> curve) {
    for (var piece : pieces(curve)) {
      add(
          "<path d=\"M%.1f %d%sV%dZ\" fill-opacity=\"0.15\"/>",
          x(piece.begin), y + height, steps(piece, scale, height, "V"), y + height);
    }
  }

  private void line(
      String name, Scale scale, int height, Function<Column, @Nullable Double> curve, String pen) {
    for (var piece : pieces(curve)) {
      add(
          "<path class=\"%s\" d=\"%s\" fill=\"none\" stroke=\"currentColor\" %s/>",
          name,
          steps(piece, scale, height, String.format(Locale.ROOT, "M%.1f ", x(piece.begin))),
          pen);
    }
  }

  private String steps(Piece piece, Scale scale, int height, String start) {
    var path = new StringBuilder();
    for (var i = 0; i < piece.values.size(); i++) {
      var level = y + height * (1 - scale.fraction(piece.values.get(i)));
      var to = x(piece.begin + i + 1);
      path.append(i == 0 ? start : "V").append(String.format(Locale.ROOT, "%.1fH%.1f", level, to));
    }
    return path.toString();
  }

  /** The curve without the columns in which it has no value. */
  private List<Piece> pieces(Function<Column, @Nullable Double> curve) {
    var pieces = new ArrayList<Piece>();
    var open = false;
    for (var i = 0; i < timeline.columns().size(); i++) {
      var value = curve.apply(timeline.columns().get(i));
      if (value != null && !open) {
        pieces.add(new Piece(i, new ArrayList<>()));
      }
      open = value != null;
      if (value != null) {
        pieces.get(pieces.size() - 1).values.add(value);
      }
    }
    return pieces;
  }

  private double x(int column) {
    return LEFT + (double) CURVE_WIDTH * column / timeline.columns().size();
  }

  private void text(double x, double line, String anchor, String text) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, line, anchor, escaped(text));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Without what XML has no way to write. */
  private static String escaped(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]|[\\uFFFE\\uFFFF]", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  private record Piece(int begin, List<Double> values) {}
}
