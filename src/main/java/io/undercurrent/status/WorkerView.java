package io.undercurrent.status;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A process that works on slices for a database's runner.
 *
 * @param name the process in words: {@code pid 4711 on db-host}
 * @param version of Undercurrent
 * @param lanes how many slices it takes at the same time; none while it cannot reach the broker
 * @param alive whether it was seen within the last 15 s
 * @param slices the steps that it works on: {@code fill_titles:slice3}
 * @param unfitFor the update of which it refused a slice last, or null
 * @param unfitBecause why, or null
 */
public record WorkerView(
    String name,
    String host,
    long pid,
    String version,
    int lanes,
    Instant since,
    Instant lastSeen,
    boolean alive,
    List<String> slices,
    @Nullable String unfitFor,
    @Nullable String unfitBecause) {

  /** Those of a database, by their age; those that died without a word stay for a day. */
  public static List<WorkerView> list(JdbcClient jdbc) {
    return jdbc.sql(
            """
            SELECT name, host, pid, version, lanes, started_at, seen_at,
                   seen_at > clock_timestamp() - interval '15 s' AS alive,
                   unfit_for, unfit_because,
                   ARRAY(SELECT step_name
                           FROM undercurrent.claimed_slices claimed
                           JOIN undercurrent.batch_step_execution USING (step_execution_id)
                          WHERE claimed.worker = workers.worker
                            AND status = 'STARTED'
                          ORDER BY step_execution_id) AS slices
              FROM undercurrent.workers
             WHERE seen_at > clock_timestamp() - interval '1 day'
             ORDER BY started_at, worker""")
        .query(WorkerView::of)
        .list();
  }

  private static WorkerView of(ResultSet row, int number) throws SQLException {
    return new WorkerView(
        row.getString("name"),
        row.getString("host"),
        row.getLong("pid"),
        row.getString("version"),
        row.getInt("lanes"),
        instant(row, "started_at"),
        instant(row, "seen_at"),
        row.getBoolean("alive"),
        texts(row.getArray("slices")),
        row.getString("unfit_for"),
        row.getString("unfit_because"));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** What it does: {@code works on fill_titles:slice3}. */
  public String doing() {
    if (!alive) {
      return "gone";
    }
    if (!slices.isEmpty()) {
      return "works on " + String.join(", ", slices);
    }
    if (lanes == 0) {
      return "cannot reach the broker";
    }
    return unfitFor == null
        ? "nothing to do"
        : "takes nothing of %s: %s".formatted(unfitFor, unfitBecause);
  }
}
