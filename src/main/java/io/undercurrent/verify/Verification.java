package io.undercurrent.verify;

import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.key.KeyAxis;
import io.undercurrent.key.PrimaryKey;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Replay;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ChunkedWork;
import io.undercurrent.rows.Inspection;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Chunks that are read and not written: the run fails at its end if there was any item. */
sealed interface Verification extends ChunkedWork {

  /** What is read. */
  Read read(JdbcTemplate jdbc);

  /** What says which rows must not be there. */
  Sql condition();

  /** What must not be there, for a message: {@code row of orders where region IS NULL}. */
  String forbidden();

  @Override
  default ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values) {
    return new ReadWrite(read(jdbc), null, new Write.Statements(List.of()));
  }

  @Override
  default Inspection inspection(Map<String, Object> values) {
    return new Findings(this, values);
  }

  /** Nothing is written, so there is nothing to do again. */
  @Override
  default Replay replay(UpdateContext update) {
    throw new RefusedException(
        "expected an update that writes rows, found '%s', which verifies them"
            .formatted(update.name()));
  }

  /**
   * Rows of a table.
   *
   * @param table the table, as written in SQL
   * @param key what orders its rows; empty for its primary key
   * @param where which of them must not be there
   */
  record OfTable(String table, List<String> key, Sql where) implements Verification {

    @Override
    public Read read(JdbcTemplate jdbc) {
      return new Read.Table(table, key.isEmpty() ? PrimaryKey.of(jdbc, table) : key, where);
    }

    @Override
    public Sql condition() {
      return where;
    }

    @Override
    public String forbidden() {
      return "row of %s where %s".formatted(table, OneLine.of(where.text()));
    }

    @Override
    public Description describe(Function<Sql, String> shortened) {
      return Description.of("verify", "verifies, in chunks; changes nothing")
          .fact(
              "verifies",
              "that no row of %s is one where %s".formatted(table, shortened.apply(where)))
          .field("table", table)
          .field("key", key)
          .field("where", where.text());
    }

    @Override
    public Optional<KeyAxis> axis(JdbcClient jdbc) {
      return key.isEmpty() ? Optional.empty() : Optional.of(new KeyAxis(jdbc, table, key.get(0)));
    }
  }

  /**
   * Rows of a query.
   *
   * @param sql a query that must find none, without paging
   * @param key columns of its result that order its rows and name each of them
   */
  record OfQuery(Sql sql, List<String> key) implements Verification {

    /** Rows of which more than the key is read would be locked. */
    @Override
    public Read read(JdbcTemplate jdbc) {
      var columns = key.stream().map(Column::quoted).collect(Collectors.joining(", "));
      var keys = "SELECT %s FROM (%n%s%n) verified".formatted(columns, sql.text());
      return new Read.Query(new Sql(keys, sql.line()), key);
    }

    @Override
    public Sql condition() {
      return sql;
    }

    @Override
    public String forbidden() {
      return "row of the query %s".formatted(OneLine.of(sql.text()));
    }

    @Override
    public Description describe(Function<Sql, String> shortened) {
      return Description.of("verify", "verifies, in chunks; changes nothing")
          .fact("verifies", "that there is no row of " + shortened.apply(sql))
          .field("key", key)
          .field("read_sql", sql.text());
    }
  }
}
