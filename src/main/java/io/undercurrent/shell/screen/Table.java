package io.undercurrent.shell.screen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Rows in columns as wide as their content, cut or wrapped where the screen ends. */
public final class Table {

  private static final String GAP = "  ";
  private static final int NARROWEST = 8;

  private final List<Column> columns;
  private final List<Row> rows = new ArrayList<>();

  public Table(Column... columns) {
    this.columns = List.of(columns);
    rows.add(new Row(Tint.NONE, this.columns.stream().map(Column::title).toList()));
  }

  /** A column of text. */
  public static Column text(String title) {
    return new Column(title, false, false, cut(Screen::cut), false);
  }

  /** A column of sentences, which go on below. */
  public static Column prose(String title) {
    return new Column(
        title, false, false, (screen, cell, width) -> DescriptionList.wrapped(cell, width), false);
  }

  /** A column of names, which are cut inside: some begin alike. */
  public static Column name(String title) {
    return new Column(title, false, false, cut(Screen::cutInside), false);
  }

  /** A column of states, in the colour of its row. */
  public static Column state(String title) {
    return new Column(title, false, false, cut(Screen::cut), true);
  }

  /** A column of points in time, which are never cut. */
  public static Column time(String title) {
    return new Column(title, false, true, cut(Screen::cut), false);
  }

  /** A column of numbers, which stand at its right edge and are never cut. */
  public static Column number(String title) {
    return new Column(title, true, true, cut(Screen::cut), false);
  }

  private static Fit cut(Cut cut) {
    return (screen, cell, width) -> List.of(cut.apply(screen, cell, width));
  }

  public Table row(String... cells) {
    return row(Tint.NONE, cells);
  }

  /** A row whose state has a colour. */
  public Table row(Tint tint, String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "expected %d cells, got %d".formatted(columns.size(), cells.length));
    }
    rows.add(new Row(tint, Stream.of(cells).map(Screen::harmless).toList()));
    return this;
  }

  public void print(Screen screen) {
    var widths = fitted(screen.width());
    rows.forEach(row -> print(screen, row, widths));
  }

  /** Whether nothing has to be cut. */
  public boolean fits(Screen screen) {
    return excess(naturalWidths(), screen.width()) <= 0;
  }

  private int[] naturalWidths() {
    var widths = new int[columns.size()];
    Arrays.setAll(widths, this::naturalWidth);
    return widths;
  }

  private static int excess(int[] widths, int available) {
    return Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - available;
  }

  /** Takes columns away from the widest text until the table fits. */
  private int[] fitted(int available) {
    var widths = naturalWidths();
    for (var excess = excess(widths, available); excess > 0; excess--) {
      var widest = widestText(widths);
      if (widths[widest] <= NARROWEST) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private int naturalWidth(int column) {
    return rows.stream().mapToInt(row -> Screen.columnsOf(row.cells().get(column))).max().orElse(0);
  }

  private int widestText(int[] widths) {
    var widest = 0;
    for (var i = 0; i < widths.length; i++) {
      if (!columns.get(i).whole() && (columns.get(widest).whole() || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private void print(Screen screen, Row row, int[] widths) {
    var cells = new ArrayList<List<String>>();
    for (var i = 0; i < widths.length; i++) {
      cells.add(columns.get(i).fit().apply(screen, row.cells().get(i), widths[i]));
    }
    for (var i = 0; cells.stream().mapToInt(List::size).max().orElse(0) > i; i++) {
      var number = i;
      var line = cells.stream().map(lines -> number < lines.size() ? lines.get(number) : "");
      screen.out().println(line(screen, row.tint(), line.toList(), widths));
    }
  }

  private String line(Screen screen, Tint tint, List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (var i = 0; i < widths.length; i++) {
      var cell = cells.get(i);
      var padding = " ".repeat(Math.max(0, widths[i] - Screen.columnsOf(cell)));
      var shown = screen.paint(columns.get(i).tinted() ? tint : Tint.NONE, cell);
      line.append(columns.get(i).right() ? padding + shown : shown + padding).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  /**
   * How a column looks.
   *
   * @param title what stands above it
   * @param right whether its cells stand at its right edge
   * @param whole whether its cells are never cut
   * @param fit makes a cell fit, in one line or several
   * @param tinted whether its cells have the colour of their row
   */
  public record Column(String title, boolean right, boolean whole, Fit fit, boolean tinted) {}

  private record Row(Tint tint, List<String> cells) {}

  private interface Fit {
    List<String> apply(Screen screen, String cell, int width);
  }

  private interface Cut {
    String apply(Screen screen, String cell, int width);
  }
}
