package io.undercurrent.queue;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.StorableText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The pauses that hold on one database; they survive every process. */
public final class Pauses {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final JdbcClient jdbc;
  private final StorableText storable;

  public Pauses(Database database) {
    this(database.jdbc());
  }

  /** Those that these connections see. */
  public Pauses(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.storable = new StorableText(jdbc);
  }

  /** The pauses in force now, the one of all first; what has run out is not among them. */
  public List<Pause> list() {
    return jdbc.sql(
            """
            SELECT update_name, reason, author, paused_at, until
              FROM undercurrent.pauses_in_force
             ORDER BY update_name NULLS FIRST""")
        .query(Pauses::pause)
        .list();
  }

  /**
   * An SQL expression that gives the same as JSON, for {@link #of}: one statement can read pauses
   * together with other rows then.
   */
  public static final String AS_JSON =
      """
      (SELECT json_agg(json_build_object('update', update_name, 'reason', reason,
                                         'author', author, 'pausedAt', paused_at, 'until', until)
                       ORDER BY update_name NULLS FIRST)
         FROM undercurrent.pauses_in_force)""";

  /** What the expression gave. */
  public static List<Pause> of(@Nullable String json) {
    return json == null ? List.of() : JSON.readValue(json, new TypeReference<List<Pause>>() {});
  }

  private static Pause pause(ResultSet row, int number) throws SQLException {
    return new Pause(
        row.getString("update_name"),
        row.getString("reason"),
        row.getString("author"),
        row.getObject("paused_at", OffsetDateTime.class).toInstant(),
        UpdateQueue.instant(row, "until"));
  }

  /**
   * Pauses an update, or all; a pause that is there is replaced.
   *
   * @param update the update, or null for all
   * @param duration after what time the pause ends by itself, or null
   * @throws RefusedException if that is in more than a hundred years
   */
  public Pause add(
      @Nullable String update,
      @Nullable String reason,
      String author,
      @Nullable Duration duration) {
    if (duration != null && duration.compareTo(LONGEST) > 0) {
      throw new RefusedException(
          "Expected a pause of at most %dd, got %dd. Leave the time out to pause without end"
              .formatted(LONGEST.toDays(), duration.toDays()));
    }
    return jdbc.sql(
            """
            INSERT INTO undercurrent.pauses (update_name, reason, author, until)
            VALUES (:update, :reason, :author,
                    clock_timestamp() + CAST(:milliseconds AS bigint) * interval '1 ms')
                ON CONFLICT ((coalesce(update_name, ''))) DO UPDATE
               SET reason = excluded.reason, author = excluded.author,
                   paused_at = excluded.paused_at, until = excluded.until
            RETURNING update_name, reason, author, paused_at, until""")
        .param("update", update)
        .param("reason", storable.orNull(reason))
        .param("author", storable.of(author))
        .param("milliseconds", duration == null ? null : duration.toMillis())
        .query(Pauses::pause)
        .single();
  }

  /**
   * Lifts the pause of an update, or the one of all.
   *
   * @return whether there was one in force
   */
  public boolean remove(@Nullable String update) {
    return jdbc
        .sql(
            """
                DELETE FROM undercurrent.pauses
                 WHERE update_name IS NOT DISTINCT FROM :update
                RETURNING until IS NULL OR until > clock_timestamp()""")
        .param("update", update, Types.VARCHAR)
        .query(Boolean.class)
        .list()
        .stream()
        .anyMatch(inForce -> inForce);
  }
}
