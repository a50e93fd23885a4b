package io.undercurrent.bean;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of a chunk: the columns that {@code read} returned, in PostgreSQL's text form, so that
 * every type passes unchanged.
 *
 * <p>An {@code ItemProcessor} named in a job file gets rows and returns rows with the same columns,
 * or null to leave one out; an {@code ItemWriter} gets a chunk of them. Rows never change.
 *
 * @param columns the names of the columns, in the order of {@code read}: the key's come first
 * @param values their values in text form, null for SQL's NULL
 */
public record Row(List<String> columns, List<@Nullable String> values) {

  /**
   * A row; beans get theirs, so that only their tests make one.
   *
   * @throws IllegalArgumentException if there are more values than columns, or fewer
   */
  public Row {
    if (columns.size() != values.size()) {
      throw new IllegalArgumentException(
          "Expected a value for each of %s, found %s".formatted(columns, values));
    }
    values = Collections.unmodifiableList(values);
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

  @Override
  public String toString() {
    return columns + " = " + values;
  }
}
