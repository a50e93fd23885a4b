package io.undercurrent.quarantine;

import io.undercurrent.database.StorableText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows that updates have put aside.
 *
 * @param jdbc runs the statements, in the caller's transaction
 */
public record QuarantineTable(JdbcClient jdbc) {

  private static final String ONE =
      " WHERE update_name = :update AND run = :run AND key = CAST(:key AS jsonb)";

  /** Puts a row aside. */
  public void put(String update, long run, BadRow row) {
    jdbc.sql(
            """
            INSERT INTO undercurrent.quarantine (update_name, run, key, sqlstate, message)
            VALUES (:update, :run, CAST(:key AS jsonb), :sqlState, :message)
            ON CONFLICT (update_name, run, key)
            DO UPDATE SET sqlstate = excluded.sqlstate, message = excluded.message,
                          put_at = excluded.put_at""")
        .param("update", update)
        .param("run", run)
        .param("key", text(row.key()))
        .param("sqlState", row.sqlState())
        .param("message", new StorableText(jdbc).of(row.message()))
        .update();
  }

  /**
   * Waits for other lanes of a run that put rows aside, so that all of theirs are counted; fails in
   * a transaction whose snapshot lacks some.
   */
  void awaitOthers(String update, long run) {
    jdbc.sql(
            """
            UPDATE undercurrent.runs
               SET ended_at = ended_at
             WHERE update_name = :update
               AND run = :run""")
        .param("update", update)
        .param("run", run)
        .update();
  }

  /** How many rows of a run are in quarantine. */
  public long count(String update, long run) {
    return count(QuarantineFilter.of(update).ofRun(run));
  }

  /** How many rows are meant. */
  public long count(QuarantineFilter filter) {
    return jdbc.sql("SELECT count(*) FROM undercurrent.quarantine" + QuarantineFilter.CONDITION)
        .params(filter.parameters())
        .query(Long.class)
        .single();
  }

  /** How many rows of each run of an update are in quarantine. */
  public SortedMap<Long, Long> runs(String update) {
    var runs = new TreeMap<Long, Long>();
    jdbc.sql(
            """
            SELECT run, count(*) AS rows
              FROM undercurrent.quarantine
             WHERE update_name = :update
             GROUP BY run""")
        .param("update", update)
        .query(
            row -> {
              runs.put(row.getLong("run"), row.getLong("rows"));
            });
    return runs;
  }

  /**
   * Rows, those first that were tried last.
   *
   * @param limit how many at most
   */
  public List<QuarantinedRow> list(QuarantineFilter filter, long limit) {
    return jdbc.sql(
            "SELECT update_name, run, key, sqlstate, message, put_at FROM undercurrent.quarantine"
                + QuarantineFilter.CONDITION
                + " ORDER BY put_at DESC, update_name, run, key LIMIT :limit")
        .params(filter.parameters())
        .param("limit", limit)
        .query(QuarantineTable::row)
        .list();
  }

  private static QuarantinedRow row(ResultSet row, int number) throws SQLException {
    return new QuarantinedRow(
        row.getString("update_name"),
        row.getLong("run"),
        new BadRow(
            JsonMapper.shared().readValue(row.getString("key"), new TypeReference<>() {}),
            row.getString("sqlstate"),
            row.getString("message")),
        row.getObject("put_at", OffsetDateTime.class).toInstant());
  }

  /** Locks a row until the transaction ends; false if it is gone, or another one has locked it. */
  public boolean lock(QuarantinedRow row) {
    return !of(row, "SELECT 1 FROM undercurrent.quarantine" + ONE + " FOR UPDATE SKIP LOCKED")
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  /** Takes a row out of quarantine. */
  public void remove(QuarantinedRow row) {
    of(row, "DELETE FROM undercurrent.quarantine" + ONE).update();
  }

  /** Notes that a row has failed again, if it is still in quarantine. */
  public void failedAgain(QuarantinedRow row, BadRow again) {
    of(
            row,
            """
            UPDATE undercurrent.quarantine
               SET sqlstate = :sqlState, message = :message, put_at = clock_timestamp()
            """
                + ONE)
        .param("sqlState", again.sqlState())
        .param("message", new StorableText(jdbc).of(again.message()))
        .update();
  }

  private JdbcClient.StatementSpec of(QuarantinedRow row, String sql) {
    return jdbc.sql(sql)
        .param("update", row.update())
        .param("run", row.run())
        .param("key", text(row.row().key()));
  }

  /** Takes rows out of quarantine that are not to be tried again; says how many. */
  public long drop(QuarantineFilter filter) {
    return jdbc.sql("DELETE FROM undercurrent.quarantine" + QuarantineFilter.CONDITION)
        .params(filter.parameters())
        .update();
  }

  static String text(List<String> key) {
    return JsonMapper.shared().writeValueAsString(key);
  }
}
