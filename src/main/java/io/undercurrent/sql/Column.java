package io.undercurrent.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;

/**
 * A column of what an update reads.
 *
 * @param name as in the catalogue
 * @param type as SQL casts to it
 */
public record Column(String name, String type) {

  private static final Map<String, String> NUMBERED =
      Map.of("smallserial", "int2", "serial", "int4", "bigserial", "int8");

  /** The columns of a query's result, by asking the server without running it. */
  public static List<Column> of(JdbcTemplate jdbc, String sql) {
    PreparedStatementCallback<List<Column>> describe =
        statement -> {
          var metaData = statement.getMetaData();
          var columns = new ArrayList<Column>();
          for (int i = 1; i <= metaData.getColumnCount(); i++) {
            columns.add(new Column(metaData.getColumnName(i), type(metaData.getColumnTypeName(i))));
          }
          return columns;
        };
    var columns = jdbc.execute(connection -> connection.prepareStatement(sql), describe);
    return columns == null ? List.of() : columns;
  }

  /**
   * A type by its name in the catalogue: {@code "bit"} has any length, {@code bit} has one. The
   * driver quotes only what is not on the search path, and makes up names for numbered columns.
   */
  private static String type(String driversName) {
    return driversName.startsWith("\"")
        ? driversName
        : quoted(NUMBERED.getOrDefault(driversName, driversName));
  }

  /** How its values are ordered: those of several types alike. */
  public String order() {
    return switch (bareType()) {
      case "int2", "int4", "int8", "numeric" -> "number";
      case "text", "varchar" -> "text";
      default -> bareType();
    };
  }

  public boolean isInteger() {
    return List.of("int2", "int4", "int8").contains(bareType());
  }

  /** Its type without quotation marks. */
  public String bareType() {
    return type.replace("\"", "");
  }

  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  public String quoted() {
    return quoted(name);
  }

  /**
   * The column in text form, which every type survives; under another name, because ORDER BY would
   * take a result's column of the same name, and sort numbers as texts.
   */
  public String asText() {
    return "CAST(" + quoted() + " AS text) AS " + quoted("text of " + name);
  }

  /** What the column's text form stands for. */
  public String throughText() {
    return "CAST(CAST(" + quoted() + " AS text) AS " + type + ")";
  }

  /** A parameter in text form as a value of the column's type. */
  public String parameter() {
    return "CAST(? AS " + type + ")";
  }
}
