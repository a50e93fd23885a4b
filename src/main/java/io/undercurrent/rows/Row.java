package io.undercurrent.rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of a chunk: the columns that {@code read} returned, in PostgreSQL's text form, so that
 * every type passes unchanged.
 *
 * <p>An {@code ItemProcessor} named in a job file gets rows and returns rows with the same columns,
 * or null to leave one out.
 */
public final class Row {

  private final List<String> columns;
  private final List<@Nullable String> values;

  Row(List<String> columns, List<@Nullable String> values) {
    this.columns = columns;
    this.values = Collections.unmodifiableList(values);
  }

  /** The names of the columns, in the order of {@code read}. */
  public List<String> columns() {
    return columns;
  }

  /**
   * The value of a column in text form, or null for SQL's NULL.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public @Nullable String get(String column) {
    return values.get(index(column));
  }

  /**
   * A row with another value in one column.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public Row with(String column, @Nullable String value) {
    var changed = new ArrayList<>(values);
    changed.set(index(column), value);
    return new Row(columns, changed);
  }

  private int index(String column) {
    var index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException(
          "No column '%s' in this row, only %s".formatted(column, columns));
    }
    return index;
  }

  List<@Nullable String> values() {
    return values;
  }

  @Override
  public String toString() {
    return columns + " = " + values;
  }
}
