package io.undercurrent.health;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.health.SignalProperties.IfUnknown;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.state.Measure.Unit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGInterval;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ResultSetExtractor;

/**
 * A query of the operator's.
 *
 * @param sql gives one row with one number, interval or boolean; null if there is none
 */
record SqlProbe(Limits limits, @Nullable String sql) implements Signal {

  static final String NAME = "sql-probe";

  private static final Limits OFF = new Limits(null, null, Duration.ZERO, true, Unit.COUNT);
  private static final Limits OWN = new Limits(0.0, null, Duration.ZERO, true, Unit.COUNT);

  private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES", "TABLE");

  /**
   * What is configured of it.
   *
   * @param sql a query of one row with one number, interval (in seconds) or boolean (1 or 0); NULL
   *     means that nothing is wrong
   * @param hold above it, no iteration begins: a number, {@code 0} if it is left out, or {@code
   *     off}
   * @param critical above it, the update is paused for good; a number, or {@code off}
   * @param backOff how long it holds at least
   * @param ifUnknown what becomes of updates once it could not be read for {@code
   *     undercurrent.health.unknown-after}
   */
  record Properties(
      @Nullable String sql,
      @Nullable String hold,
      @Nullable String critical,
      @Nullable Duration backOff,
      @Nullable IfUnknown ifUnknown) {}

  static SqlProbe of(@Nullable Properties configured) {
    if (configured == null || configured.sql == null || configured.sql.isBlank()) {
      return new SqlProbe(OFF, null);
    }
    var signal =
        new SignalProperties(
            configured.hold, configured.critical, configured.backOff, configured.ifUnknown);
    return new SqlProbe(signal.or(NAME, OWN), configured.sql);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Reading look(Look look) {
    if (sql == null) {
      return new Reading.Nothing("undercurrent.health.sql-probe.sql is not set");
    }
    try {
      ResultSetExtractor<Reading> extractor = SqlProbe::reading;
      return requireNonNull(look.jdbc().sql(statement(sql)).withMaxRows(2).query(extractor));
    } catch (DataAccessException e) {
      return new Reading.Unknown(
          "undercurrent.health.sql-probe.sql: " + SqlFailure.of(e).sentence());
    } catch (RefusedException e) {
      return new Reading.Unknown("undercurrent.health.sql-probe.sql: " + e.getMessage());
    }
  }

  private static String statement(String sql) {
    var template = SqlTemplate.parse(sql, Map.of());
    if (!QUERIES.contains(template.keyword())) {
      throw new RefusedException("expected a query, found '%s'".formatted(template.keyword()));
    }
    return template.text();
  }

  private static Reading reading(ResultSet rows) throws SQLException {
    var columns = rows.getMetaData().getColumnCount();
    if (columns != 1) {
      throw new RefusedException("expected one column, found %d".formatted(columns));
    }
    if (!rows.next()) {
      throw new RefusedException("expected one row, found none");
    }
    var value = rows.getObject(1);
    var type = rows.getMetaData().getColumnTypeName(1);
    if (rows.next()) {
      throw new RefusedException("expected one row, found more");
    }
    return value == null ? new Reading.Nothing("it gives NULL") : number(value, type);
  }

  private static Reading number(Object value, String type) {
    if (value instanceof Boolean isSo) {
      return new Reading.Value(isSo ? 1 : 0, null, null);
    }
    if (value instanceof PGInterval interval) {
      return new Reading.Value(seconds(interval), null, null);
    }
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return new Reading.Value(number.doubleValue(), null, null);
    }
    throw new RefusedException(
        "expected a number, an interval or a boolean, found %s"
            .formatted(value instanceof Number ? value : "one of type " + type));
  }

  /** As PostgreSQL counts them: a month has 30 days. */
  private static double seconds(PGInterval interval) {
    var days = (interval.getYears() * 12 + interval.getMonths()) * 30 + interval.getDays();
    return Duration.ofDays(days).plusHours(interval.getHours()).toSeconds()
        + interval.getMinutes() * 60
        + interval.getSeconds();
  }
}
