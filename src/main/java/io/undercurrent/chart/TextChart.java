package io.undercurrent.chart;

import io.undercurrent.history.Sample;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Draws a run's curves in lines of characters. */
public final class TextChart {

  private static final int RATE_ROWS = 6;
  private static final int CHANGED_ROWS = 3;
  private static final int ITERATION_ROWS = 4;
  private static final int LEAST_COLUMNS = 10;
  private static final int LEAST_GUTTER = 8;

  /** Two columns of an axis label, and what keeps it from the next one. */
  private static final int TICK_WIDTH = 9;

  private final Timeline timeline;
  private final TimeAxis axis;
  private final Pen pen;
  private final int gutter;
  private final List<String> lines = new ArrayList<>();

  private TextChart(Timeline timeline, int gutter, Pen pen, ZoneId zone) {
    this.timeline = timeline;
    this.axis = new TimeAxis(timeline, zone);
    this.pen = pen;
    this.gutter = gutter;
  }

  /**
   * Draws a chart.
   *
   * @param samples more than {@link Timeline#TOO_FEW}, the oldest first
   * @param width how many columns a line may take
   * @param unicode whether there are more characters than those of ASCII
   * @param zone where the reader's clock is
   */
  public static List<String> draw(List<Sample> samples, int width, boolean unicode, ZoneId zone) {
    var gutter = gutter(samples);
    var columns = Math.max(LEAST_COLUMNS, width - gutter - 1);
    var pen = unicode ? Pen.UNICODE : Pen.ASCII;
    return new TextChart(Timeline.of(samples, columns), gutter, pen, zone).draw();
  }

  private static int gutter(List<Sample> samples) {
    return Timeline.of(samples, 1).times().keySet().stream()
        .map(activity -> Timeline.words(activity).length() + 1)
        .max(Comparator.naturalOrder())
        .map(longest -> Math.max(longest, LEAST_GUTTER))
        .orElse(LEAST_GUTTER);
  }

  private List<String> draw() {
    title("items per second");
    bars(Scale.upTo(timeline.greatest(Column::itemsPerSecond)), RATE_ROWS, Column::itemsPerSecond);
    if (timeline.changedOtherwise()) {
      title("rows changed per second");
      var scale = Scale.upTo(timeline.greatest(Column::changedPerSecond));
      bars(scale, CHANGED_ROWS, Column::changedPerSecond);
    }
    iterations();
    activities();
    return List.copyOf(lines);
  }

  private void iterations() {
    var target = timeline.lastTarget();
    title(
        "milliseconds per iteration"
            + (target == null
                ? ""
                : "; target %s: %s".formatted(Scale.label(target), pen.target())));
    var scale = around(target, timeline.greatest(Column::iterationTime));
    bars(scale, ITERATION_ROWS, Column::iterationTime, Column::target);
  }

  /** With the target between two rows, so that what keeps to it does not hide its line. */
  private Scale around(@Nullable Double target, double greatest) {
    return Stream.of(2, 4)
        .map(times -> new Scale(times * (target == null ? 0 : target)))
        .filter(scale -> scale.top() > 0 && scale.top() >= greatest)
        .findFirst()
        .orElseGet(() -> Scale.upTo(Math.max(greatest, timeline.greatest(Column::target))));
  }

  private void activities() {
    title("share of the time " + pen.shareLegend());
    for (var activity : timeline.times().keySet()) {
      var line = new StringBuilder();
      timeline.columns().forEach(column -> line.append(pen.share(column.share(activity))));
      add(Timeline.words(activity), line);
    }
    axis();
  }

  private void axis() {
    var columns = timeline.columns().size();
    var marks = new StringBuilder(pen.line().repeat(columns));
    var labels = new StringBuilder(" ".repeat(gutter + 1 + columns));
    var free = 0;
    for (var tick : axis.ticks(Math.max(2, columns / TICK_WIDTH))) {
      var column = Math.min(columns - 1, (int) (tick.place() * columns));
      marks.setCharAt(column, pen.tick());
      var begin =
          Math.min(
              gutter + 1 + column - tick.label().length() / 2,
              gutter + 1 + columns - tick.label().length());
      if (begin >= free) {
        labels.replace(begin, begin + tick.label().length(), tick.label());
        free = begin + tick.label().length() + 1;
      }
    }
    lines.add(" ".repeat(gutter) + pen.corner() + marks);
    lines.add(labels.toString().stripTrailing());
  }

  private void title(String title) {
    lines.add(" ".repeat(gutter + 1) + title);
  }

  private void bars(Scale scale, int rows, Function<Column, @Nullable Double> curve) {
    bars(scale, rows, curve, column -> null);
  }

  private void bars(
      Scale scale,
      int rows,
      Function<Column, @Nullable Double> curve,
      Function<Column, @Nullable Double> target) {
    for (var row = rows - 1; row >= 0; row--) {
      var line = new StringBuilder();
      for (var column : timeline.columns()) {
        var value = curve.apply(column);
        var aim = target.apply(column);
        var bar = value == null ? ' ' : pen.bar(scale.fraction(value) * rows, row);
        var aimed = aim != null && (int) (scale.fraction(aim) * rows) == row;
        line.append(bar == ' ' && aimed ? pen.target() : bar);
      }
      add(row == rows - 1 ? Scale.label(scale.top()) : row == 0 ? "0" : "", line);
    }
  }

  private void add(String label, CharSequence line) {
    var lead = " ".repeat(Math.max(0, gutter - 1 - label.length())) + label + " ";
    lines.add((lead + pen.edge() + line).stripTrailing());
  }
}
