package io.undercurrent.page;

import io.undercurrent.bean.Row;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.key.KeysetSql;
import io.undercurrent.sql.BoundSql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The rows that a keyset's statements return. */
record KeysetRows(JdbcTemplate jdbc, KeysetSql sql) {

  /** A page, and one row more: it shows whether a page follows, and that its key differs. */
  List<Row> page(@Nullable List<String> after, int limit) {
    var rows = items(sql.page(after, limit + 1));
    refuseRepeated(rows);
    return rows;
  }

  /** Rows with all columns. */
  List<Row> items(BoundSql statement) {
    return query(statement, sql.names());
  }

  /** Keys alone. */
  List<Row> only(BoundSql statement) {
    return query(statement, sql.names().subList(0, sql.keyColumns()));
  }

  /** Keys, each with one value after it. */
  List<Row> keys(BoundSql statement) {
    var names = new ArrayList<>(sql.names().subList(0, sql.keyColumns()));
    names.add("after the key");
    return query(statement, names);
  }

  private List<Row> query(BoundSql statement, List<String> names) {
    return statement.query(
        jdbc,
        (row, number) -> {
          var values = new ArrayList<@Nullable String>();
          for (int i = 1; i <= names.size(); i++) {
            values.add(row.getString(i));
          }
          return new Row(names, values);
        });
  }

  List<String> key(Row row) {
    var key = new ArrayList<String>();
    var values = row.values().subList(0, sql.keyColumns());
    for (var value : values) {
      if (value == null) {
        throw new HopelessException(
            "expected no NULL in the key of 'read.sql', found %s. Leave such rows out in the query"
                .formatted(new Row(row.columns().subList(0, sql.keyColumns()), values)));
      }
      key.add(value);
    }
    return key;
  }

  String afterKey(Row row) {
    return String.valueOf(row.values().get(sql.keyColumns()));
  }

  private void refuseRepeated(List<Row> rows) {
    refuseRepeatedKeys(rows.stream().map(this::key).toList());
  }

  static void refuseRepeatedKeys(List<List<String>> keys) {
    for (int i = 1; i < keys.size(); i++) {
      if (keys.get(i).equals(keys.get(i - 1))) {
        throw repeated(keys.get(i) + " twice");
      }
    }
  }

  static HopelessException repeated(String found) {
    return new HopelessException(
        "expected the key of 'read.sql' to be unique, found %s. Add DISTINCT, or the columns that tell the rows apart"
            .formatted(found));
  }
}
