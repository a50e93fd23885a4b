package io.undercurrent.sql;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.RowMapper;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * SQL for JDBC with the values of its parameters.
 *
 * @param text the SQL
 * @param parameters a value for each {@code ?}: a text, a number, a time, null, or a list for an
 *     array of texts
 */
public record BoundSql(String text, List<@Nullable Object> parameters) {

  /** An author's statement with its values. */
  public static BoundSql of(String sql, Map<String, Object> values) {
    return of(SqlTemplate.parse(sql, values), values);
  }

  public static BoundSql of(SqlTemplate template, Map<String, Object> values) {
    return new BoundSql(
        template.text(),
        template.parameters().stream().<@Nullable Object>map(values::get).toList());
  }

  /** SQL of our own with the values of its parameters. */
  public static BoundSql of(String text, List<? extends @Nullable Object> parameters) {
    return new BoundSql(text, new ArrayList<>(parameters));
  }

  /**
   * The same for a plan that has to fit any value in place of NULL, for which there would be
   * nothing to do.
   */
  public BoundSql withUnknowns() {
    var places = SqlTemplate.placeholders(text);
    var unknown = new StringBuilder();
    var end = 0;
    for (int i = 0; i < parameters.size(); i++) {
      unknown.append(text, end, places.get(i));
      unknown.append(parameters.get(i) == null ? "(SELECT CAST(NULL AS text))" : "?");
      end = places.get(i) + 1;
    }
    return new BoundSql(
        unknown.append(text, end, text.length()).toString(),
        parameters.stream().filter(Objects::nonNull).toList());
  }

  /** Runs it; how many rows it has changed, or returned if it returns some. */
  long execute(JdbcTemplate jdbc) {
    PreparedStatementCallback<Long> count =
        statement ->
            statement.execute() ? rows(statement.getResultSet()) : statement.getLargeUpdateCount();
    return requireNonNull(jdbc.execute(this::prepare, count));
  }

  private static long rows(ResultSet result) throws SQLException {
    var rows = 0L;
    while (result.next()) {
      rows++;
    }
    return rows;
  }

  /** Has the server parse it, with the types of the values; runs nothing. */
  public boolean describe(JdbcTemplate jdbc) {
    PreparedStatementCallback<Boolean> describe =
        statement -> statement.getParameterMetaData() != null;
    return Boolean.TRUE.equals(jdbc.execute(this::prepare, describe));
  }

  /**
   * Has the server plan it, which needs the privileges that running it would; runs nothing.
   *
   * @return the plan's root; none where a rule has nothing done instead, several where it has more
   * @throws DataAccessException if it cannot be planned, or if the role lacks a privilege
   */
  public List<JsonNode> plan(JdbcTemplate jdbc) {
    var explain = new BoundSql("EXPLAIN (VERBOSE, FORMAT JSON) " + text, parameters);
    var plans = String.join("\n", explain.query(jdbc, (row, number) -> row.getString(1)));
    return JsonMapper.shared().readTree(plans).valueStream().map(any -> any.path("Plan")).toList();
  }

  /**
   * Runs it, and has the server count what that costs.
   *
   * @throws DataAccessException if it fails
   */
  public MeasuredCost measure(JdbcTemplate jdbc) {
    var explain =
        new BoundSql(
            "EXPLAIN (ANALYZE, BUFFERS, WAL, TIMING OFF, FORMAT JSON) " + text, parameters);
    return MeasuredCost.of(
        String.join("\n", explain.query(jdbc, (row, number) -> row.getString(1))));
  }

  /**
   * Has the server plan it; a failure leaves the transaction as it was.
   *
   * @return as {@link #plan}
   */
  public List<JsonNode> explain(JdbcTemplate jdbc) {
    var before = requireNonNull(jdbc.execute(BoundSql::savepoint));
    try {
      return plan(jdbc);
    } catch (DataAccessException e) {
      before.ifPresent(savepoint -> jdbc.execute(rollBackTo(savepoint)));
      throw e;
    }
  }

  private static Optional<Savepoint> savepoint(Connection connection) throws SQLException {
    return connection.getAutoCommit() ? Optional.empty() : Optional.of(connection.setSavepoint());
  }

  private static ConnectionCallback<Boolean> rollBackTo(Savepoint savepoint) {
    return connection -> {
      connection.rollback(savepoint);
      return true;
    };
  }

  public <T> List<T> query(JdbcTemplate jdbc, RowMapper<T> mapper) {
    return jdbc.query(this::prepare, mapper);
  }

  private PreparedStatement prepare(Connection connection) throws SQLException {
    var statement = connection.prepareStatement(text);
    for (int i = 0; i < parameters.size(); i++) {
      bind(connection, statement, i + 1, parameters.get(i));
    }
    return statement;
  }

  private static void bind(
      Connection connection, PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    if (value instanceof List<?> texts) {
      statement.setArray(index, connection.createArrayOf("text", texts.toArray()));
    } else if (value instanceof Integer number) {
      statement.setInt(index, number);
    } else if (value instanceof OffsetDateTime time) {
      statement.setObject(index, time);
    } else {
      statement.setString(index, (String) value);
    }
  }
}
