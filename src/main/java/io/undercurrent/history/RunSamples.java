package io.undercurrent.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Reads what runs have done over time; the only place that knows the table of samples. */
public final class RunSamples {

  private final JdbcClient jdbc;

  /** Those of a database. */
  public RunSamples(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The samples of a run, the oldest first; none where this Undercurrent never worked.
   *
   * @param since the earliest end of one, or null for all
   */
  public List<Sample> of(String update, long run, @Nullable Instant since) {
    try {
      return read(update, run, since);
    } catch (BadSqlGrammarException e) {
      if (History.neverWorkedHere(e)) {
        return List.of();
      }
      throw e;
    }
  }

  private List<Sample> read(String update, long run, @Nullable Instant since) {
    return jdbc.sql(
            """
            SELECT at, ms, items, changed, iterations, iteration_ms, target_ms, chunk_size, times
              FROM undercurrent.samples
             WHERE update_name = :update
               AND run = :run
               AND at >= coalesce(CAST(:since AS timestamptz), '-infinity')
             ORDER BY at""")
        .param("update", update)
        .param("run", run)
        .param("since", since == null ? null : since.toString())
        .query(RunSamples::sample)
        .list();
  }

  private static Sample sample(ResultSet row, int number) throws SQLException {
    return new Sample(
        row.getObject("at", OffsetDateTime.class).toInstant(),
        Duration.ofMillis(row.getLong("ms")),
        row.getLong("items"),
        row.getObject("changed", Long.class),
        row.getLong("iterations"),
        Duration.ofMillis(row.getLong("iteration_ms")),
        millis(row.getObject("target_ms", Long.class)),
        row.getObject("chunk_size", Long.class),
        times(row.getString("times")));
  }

  private static @Nullable Duration millis(@Nullable Long ms) {
    return ms == null ? null : Duration.ofMillis(ms);
  }

  private static Map<String, Duration> times(String json) {
    var times = new LinkedHashMap<String, Duration>();
    JsonMapper.shared()
        .readTree(json)
        .properties()
        .forEach(time -> times.put(time.getKey(), Duration.ofMillis(time.getValue().asLong(0))));
    return times;
  }
}
