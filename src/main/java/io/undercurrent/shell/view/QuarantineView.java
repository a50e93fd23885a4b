package io.undercurrent.shell.view;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.quarantine.QuarantinedRow;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Table.Column;
import io.undercurrent.shell.screen.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Rows in quarantine, as {@code quarantine} shows them. */
public final class QuarantineView {

  private final Screen screen;
  private final Times times;

  public QuarantineView(Screen screen, Times times) {
    this.screen = screen;
    this.times = times;
  }

  public void json(
      List<QuarantinedRow> rows, Function<String, Optional<DefinedUpdate>> definitions) {
    JsonOutput.print(
        screen,
        rows.stream().map(row -> RowJson.of(row, definitions.apply(row.update()))).toList());
  }

  /**
   * A line for each.
   *
   * @param update the update whose rows they are, or null if they may be of several
   * @param key the columns of its key, as far as they are known
   */
  public void list(List<QuarantinedRow> rows, @Nullable String update, List<String> key) {
    var columns = new ArrayList<Column>();
    if (update == null) {
      columns.add(Table.name("UPDATE"));
    }
    columns.add(Table.text(key.isEmpty() ? "KEY" : "KEY (" + String.join(", ", key) + ")"));
    columns.add(Table.text("SQLSTATE"));
    columns.add(Table.prose("MESSAGE"));
    columns.add(Table.number("RUN"));
    columns.add(Table.time(times.column("TRIED", rows.stream().map(QuarantinedRow::at))));
    var table = new Table(columns.toArray(Column[]::new));
    for (var row : rows) {
      var cells = new ArrayList<String>();
      if (update == null) {
        cells.add(row.update());
      }
      cells.add(key(row));
      cells.add(row.row().sqlState() == null ? "-" : row.row().sqlState());
      cells.add(message(row));
      cells.add(String.valueOf(row.run()));
      cells.add(times.brief(row.at()));
      table.row(cells.toArray(String[]::new));
    }
    table.print(screen);
  }

  /** As {@code --key} takes it. */
  private static String key(QuarantinedRow row) {
    var key = row.row().key();
    return key.size() == 1 ? key.get(0) : JsonMapper.shared().writeValueAsString(key);
  }

  /** Without what has columns of its own. */
  private static String message(QuarantinedRow row) {
    return row.row()
        .message()
        .replace(", at the key " + row.row().key(), "")
        .replace(" (SQLSTATE " + row.row().sqlState() + ")", "");
  }

  /** The stable form of a row. */
  private record RowJson(
      String update,
      long run,
      Map<String, String> key,
      @Nullable String sqlstate,
      String message,
      Instant putAt) {

    static RowJson of(QuarantinedRow row, Optional<DefinedUpdate> defined) {
      return new RowJson(
          row.update(),
          row.run(),
          KeyNames.of(defined.orElse(null), row.row().key()),
          row.row().sqlState(),
          row.row().message(),
          row.at());
    }
  }
}
