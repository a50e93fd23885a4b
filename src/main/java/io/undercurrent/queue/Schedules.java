package io.undercurrent.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The updates of one database that are queued again by themselves. */
public final class Schedules {

  private static final String ALL =
      "SELECT update_name, job_name, due_at FROM undercurrent.schedules";

  private final JdbcClient jdbc;

  public Schedules(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** All of them, in the order in which they are due. */
  public List<Schedule> list() {
    return jdbc.sql(ALL + " ORDER BY due_at, update_name").query(Schedules::of).list();
  }

  public Optional<Schedule> find(String update) {
    return jdbc.sql(ALL + " WHERE update_name = :update")
        .param("update", update)
        .query(Schedules::of)
        .optional();
  }

  /** Those that are due by now. */
  public List<Schedule> due() {
    return jdbc.sql(ALL + " WHERE due_at <= clock_timestamp() ORDER BY due_at, update_name")
        .query(Schedules::of)
        .list();
  }

  private static Schedule of(ResultSet row, int number) throws SQLException {
    return new Schedule(
        row.getString("update_name"),
        row.getString("job_name"),
        row.getObject("due_at", OffsetDateTime.class).toInstant());
  }

  /** Has an update be queued again a while after now. */
  void begin(String update, String job, Duration every) {
    jdbc.sql(
            """
            INSERT INTO undercurrent.schedules (update_name, job_name, due_at)
            VALUES (:update, :job, clock_timestamp() + CAST(:every AS bigint) * interval '1 ms')
                ON CONFLICT (update_name)
                   DO UPDATE SET job_name = excluded.job_name, due_at = excluded.due_at,
                                 begun_at = excluded.begun_at""")
        .param("update", update)
        .param("job", job)
        .param("every", every.toMillis())
        .update();
  }

  /**
   * Has one that is due be so again at its next time that is yet to come.
   *
   * @return whether it still was as it was found
   */
  public boolean advance(Schedule due, Duration every) {
    return jdbc.sql(
                """
                UPDATE undercurrent.schedules
                   SET due_at = due_at + CAST(:every AS bigint) * interval '1 ms'
                              * (1 + floor(1000 * extract(epoch FROM clock_timestamp() - due_at)
                                           / CAST(:every AS bigint)))
                 WHERE update_name = :update
                   AND due_at = :due""")
            .param("every", every.toMillis())
            .param("update", due.update())
            .param("due", OffsetDateTime.ofInstant(due.dueAt(), ZoneOffset.UTC))
            .update()
        > 0;
  }

  /** Has updates not be queued again; whether one of them would have been. */
  public boolean end(Collection<String> updates) {
    return jdbc.sql("DELETE FROM undercurrent.schedules WHERE update_name IN (:updates)")
            .param("updates", updates)
            .update()
        > 0;
  }
}
