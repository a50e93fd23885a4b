package io.undercurrent.quarantine;

import io.undercurrent.database.StorableText;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows that updates have put aside.
 *
 * @param jdbc runs the statements, in the caller's transaction
 */
public record QuarantineTable(JdbcClient jdbc) {

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

  /** How many rows of a run are in quarantine. */
  public long count(String update, long run) {
    return jdbc.sql(
            "SELECT count(*) FROM undercurrent.quarantine WHERE update_name = :update AND run = :run")
        .param("update", update)
        .param("run", run)
        .query(Long.class)
        .single();
  }

  private static String text(List<String> key) {
    return JsonMapper.shared().writeValueAsString(key);
  }
}
