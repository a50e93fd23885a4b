package io.undercurrent.key;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Refuses keys with NULLs, which no page reaches.
 *
 * @param patience how long to look for them
 */
public record NullKeys(JdbcTemplate jdbc, Duration patience) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String CANCELED = "57014";

  public NullKeys(JdbcTemplate jdbc) {
    this(jdbc, PATIENCE);
  }

  /**
   * Looks for NULLs in columns that may have them.
   *
   * @param where whose key it is, in words
   * @param source what follows FROM
   * @throws RefusedException if there is one, or no answer in time
   */
  public void refuse(String where, BoundSql source, List<String> columns, String wayOut) {
    if (columns.isEmpty()) {
      return;
    }
    try {
      if (found(source, columns)) {
        throw new RefusedException(
            "expected no NULL in %s, found some in %s. Such rows would be skipped; name a key without NULLs"
                .formatted(where, columns));
      }
    } catch (DataAccessException e) {
      if (!CANCELED.equals(SqlFailure.of(e).sqlState())) {
        throw e;
      }
      throw new RefusedException(
          "expected no NULL in %s, found no answer within %d s whether there is one in %s. %s"
              .formatted(where, patience.toSeconds(), columns, wayOut),
          e);
    }
  }

  private boolean found(BoundSql source, List<String> columns) {
    var transaction =
        new TransactionTemplate(
            new DataSourceTransactionManager(requireNonNull(jdbc.getDataSource())));
    return Boolean.TRUE.equals(transaction.execute(status -> look(source, columns)));
  }

  /** One look-up for a column that begins an index, none where NULLs are ruled out; else a scan. */
  private boolean look(BoundSql source, List<String> columns) {
    jdbc.execute("SET LOCAL statement_timeout = " + patience.toMillis());
    jdbc.execute("SET LOCAL constraint_exclusion = on");
    var parameters = new ArrayList<Object>();
    columns.forEach(column -> parameters.addAll(source.parameters()));
    var found =
        columns.stream()
            .map(
                column ->
                    "EXISTS (SELECT FROM %s WHERE %s IS NULL)"
                        .formatted(source.text(), Column.quoted(column)))
            .collect(joining(" OR "));
    return BoundSql.of("SELECT " + found, parameters)
        .query(jdbc, (row, number) -> row.getBoolean(1))
        .get(0);
  }
}
