package io.undercurrent.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rows in columns as wide as their content, cut where the screen ends. */
final class Table {

  private static final String GAP = "  ";
  private static final int NARROWEST = 8;

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  Table(Column... columns) {
    this.columns = List.of(columns);
    rows.add(this.columns.stream().map(Column::title).toList());
  }

  /** A column of text. */
  static Column text(String title) {
    return new Column(title, false, Screen::cut, cell -> Tint.NONE);
  }

  /** A column of names, which are cut inside: some begin alike. */
  static Column name(String title) {
    return new Column(title, false, Screen::cutInside, cell -> Tint.NONE);
  }

  /** A column of states, in their colours. */
  static Column state(String title) {
    return new Column(title, false, Screen::cut, Tint::of);
  }

  /** A column of numbers, which stand at its right edge and are never cut. */
  static Column number(String title) {
    return new Column(title, true, Screen::cut, cell -> Tint.NONE);
  }

  Table row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "expected %d cells, got %d".formatted(columns.size(), cells.length));
    }
    rows.add(Stream.of(cells).map(Screen::harmless).toList());
    return this;
  }

  void print(Screen screen) {
    var widths = fitted(screen.width());
    for (var row : rows) {
      screen.out().println(line(screen, row, widths));
    }
  }

  /** Takes columns away from the widest text until the table fits. */
  private int[] fitted(int available) {
    var widths = new int[columns.size()];
    Arrays.setAll(widths, this::naturalWidth);
    var excess = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - available;
    for (; excess > 0; excess--) {
      var widest = widestText(widths);
      if (widths[widest] <= NARROWEST) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private int naturalWidth(int column) {
    return rows.stream().mapToInt(row -> Screen.columnsOf(row.get(column))).max().orElse(0);
  }

  private int widestText(int[] widths) {
    var widest = 0;
    for (var i = 0; i < widths.length; i++) {
      if (!columns.get(i).right() && (columns.get(widest).right() || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private String line(Screen screen, List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (var i = 0; i < widths.length; i++) {
      var cell = columns.get(i).cut().apply(screen, row.get(i), widths[i]);
      var padding = " ".repeat(Math.max(0, widths[i] - Screen.columnsOf(cell)));
      var shown = screen.paint(columns.get(i).tint().apply(row.get(i)), cell);
      line.append(columns.get(i).right() ? padding + shown : shown + padding).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  /**
   * How a column looks.
   *
   * @param title what stands above it
   * @param right whether its cells stand at its right edge
   * @param cut makes a cell fit
   * @param tint the colour of a cell
   */
  record Column(String title, boolean right, Cut cut, Function<String, Tint> tint) {}

  private interface Cut {
    String apply(Screen screen, String cell, int width);
  }
}
