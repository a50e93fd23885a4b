package io.undercurrent.key;

import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one column of a key is ordered.
 *
 * @param column the column
 * @param type its type, as SQL names it
 * @param collation its collation, as SQL names it, or null
 * @param oneTextPerValue whether two of its values are equal only where their texts are
 * @param operators those of the class that orders it, by their strategy numbers from 1
 * @param plain whether their names alone mean them, on this search path
 * @param family the number of the class's family in the catalogue
 * @param equality the number of the operator that says which values are equal
 */
public record ColumnOrder(
    Column column,
    String type,
    @Nullable String collation,
    boolean oneTextPerValue,
    List<Operator> operators,
    boolean plain,
    String family,
    String equality) {

  /**
   * Reads what the catalogue says.
   *
   * @throws RefusedException if the column cannot be ordered
   */
  static ColumnOrder of(Column column, ResultSet row) throws SQLException {
    if (row.getObject("operators") == null) {
      throw new RefusedException(
          "expected a key that can be ordered, found the column '%s' of type %s, which has no order. Name another key, or cast it in 'read: {sql, key}'"
              .formatted(column.name(), row.getString("type")));
    }
    return new ColumnOrder(
        column,
        row.getString("type"),
        row.getString("collation"),
        row.getBoolean("one_text"),
        operators(texts(row, "schemas"), texts(row, "operators")),
        row.getBoolean("plain"),
        row.getString("family"),
        row.getString("equality"));
  }

  private static List<Operator> operators(String[] schemas, String[] names) {
    var operators = new ArrayList<Operator>();
    for (int i = 0; i < names.length; i++) {
      operators.add(new Operator(schemas[i], names[i]));
    }
    return operators;
  }

  private static String[] texts(ResultSet row, String column) throws SQLException {
    return (String[]) row.getArray(column).getArray();
  }

  String described() {
    return column.name() + " (" + type + ")";
  }

  String schema() {
    return operators.get(0).schema();
  }

  /** A value in text form as one that is compared like the column's. */
  String value(String text) {
    var value = "CAST(" + text + " AS " + column.type() + ")";
    return collation == null ? value : value + " COLLATE " + collation;
  }

  /**
   * An operator.
   *
   * @param schema its schema, as SQL names it
   * @param name its name in the schema
   */
  public record Operator(String schema, String name) {

    String qualified() {
      return "OPERATOR(" + schema + "." + name + ")";
    }
  }
}
