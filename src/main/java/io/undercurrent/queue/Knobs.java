package io.undercurrent.queue;

import io.undercurrent.database.StorableText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators have set of the updates of one database; it survives every process. */
public final class Knobs {

  private final JdbcClient jdbc;

  public Knobs(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What is set of an update. */
  public List<KnobSetting> of(String update) {
    return jdbc
        .sql(
            """
            SELECT update_name, name, value, set_by, reason, set_at
              FROM undercurrent.knobs
             WHERE update_name = :update
             ORDER BY name""")
        .param("update", update)
        .query(Knobs::setting)
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * An SQL expression that gives the lanes that an operator wants of an update, or null.
   *
   * @param update SQL for the update's name
   */
  public static String lanesOf(String update) {
    return """
    (SELECT CAST(value AS int)
       FROM undercurrent.knobs
      WHERE knobs.update_name = %s
        AND name = 'lanes'
        -- what a newer version has set may be no number
        AND value ~ '^([1-9]|[12][0-9]|3[0-2])$')"""
        .formatted(update);
  }

  /** How many lanes an operator wants of an update; empty if none has said. */
  public Optional<Integer> lanes(String update) {
    return of(update).stream()
        .filter(setting -> setting.knob() == Knob.LANES)
        .map(setting -> Integer.valueOf(setting.value()))
        .findFirst();
  }

  /** Empty for what a newer version has set. */
  private static Optional<KnobSetting> setting(ResultSet row, int number) throws SQLException {
    var knob = Knob.of(row.getString("name"));
    var update = row.getString("update_name");
    var value = row.getString("value");
    var by = row.getString("set_by");
    var reason = row.getString("reason");
    var at = row.getObject("set_at", OffsetDateTime.class).toInstant();
    return knob.filter(known -> known.value(value).isPresent())
        .map(known -> new KnobSetting(update, known, value, by, reason, at));
  }

  /** Sets a knob of an update, in place of what was set before. */
  public void set(String update, Knob knob, String value, String by, @Nullable String reason) {
    var storable = new StorableText(jdbc);
    jdbc.sql(
            """
            INSERT INTO undercurrent.knobs (update_name, name, value, set_by, reason)
            VALUES (:update, :name, :value, :by, :reason)
                ON CONFLICT (update_name, name) DO UPDATE
               SET value = excluded.value, set_by = excluded.set_by, reason = excluded.reason,
                   set_at = excluded.set_at""")
        .param("update", update)
        .param("name", knob.word())
        .param("value", value)
        .param("by", storable.of(by))
        .param("reason", storable.orNull(reason))
        .update();
  }

  /** Forgets what was set of a knob, so that the job file holds. */
  public void clear(String update, Knob knob) {
    jdbc.sql("DELETE FROM undercurrent.knobs WHERE update_name = :update AND name = :name")
        .param("update", update)
        .param("name", knob.word())
        .update();
  }

  /** Forgets all that was set of some updates. */
  void forget(Set<String> updates) {
    jdbc.sql("DELETE FROM undercurrent.knobs WHERE update_name IN (:updates)")
        .param("updates", updates)
        .update();
  }
}
