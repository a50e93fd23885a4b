package io.undercurrent.page;

import io.undercurrent.key.KeysetSql;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGResultSetMetaData;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;

/**
 * The one table whose columns a query's key is made of.
 *
 * @param table the table, as written in SQL
 * @param columns its columns, in the order of the key
 */
record KeyOrigin(String table, List<String> columns) {

  /** Asks the server, without running the query; nothing if the key is of several, or computed. */
  static Optional<KeyOrigin> of(JdbcTemplate jdbc, KeysetSql sql) {
    var all = sql.all();
    PreparedStatementCallback<Optional<KeyOrigin>> describe =
        statement -> of(statement.getMetaData());
    var found = jdbc.execute(connection -> connection.prepareStatement(all.text()), describe);
    return found == null ? Optional.empty() : found;
  }

  private static Optional<KeyOrigin> of(ResultSetMetaData result) throws SQLException {
    var origins = result.unwrap(PGResultSetMetaData.class);
    var tables = new ArrayList<String>();
    var columns = new ArrayList<String>();
    for (int i = 1; i <= result.getColumnCount(); i++) {
      tables.add(
          Column.quoted(origins.getBaseSchemaName(i))
              + "."
              + Column.quoted(origins.getBaseTableName(i)));
      columns.add(origins.getBaseColumnName(i));
    }
    return origins.getBaseTableName(1).isEmpty() || tables.stream().distinct().count() > 1
        ? Optional.empty()
        : Optional.of(new KeyOrigin(tables.get(0), columns));
  }

  /** The table's keys, in the order of the query's. */
  KeysetSql keys(KeysetSql query) {
    var named = new ArrayList<Column>();
    for (int i = 0; i < columns.size(); i++) {
      named.add(new Column(columns.get(i), query.columns().get(i).type()));
    }
    return new KeysetSql(named, query.order(), BoundSql.of(table, List.of())).within(query.range());
  }
}
