package io.undercurrent.queue;

import io.undercurrent.database.StorableText;
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
  public KnobSettings of(String update) {
    return KnobSettings.of(
        jdbc.sql("SELECT " + KnobSettings.asJson(":update"))
            .param("update", update)
            .query((row, number) -> Optional.ofNullable(row.getString(1)))
            .single()
            .orElse(null));
  }

  /** How many lanes an operator wants of an update; empty if none has said. */
  public Optional<Integer> lanes(String update) {
    return of(update).number(Knob.LANES);
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

  /** Forgets all that was set of updates that are not queued. */
  void forgetWhatIsNotQueued() {
    jdbc.sql(
            """
            DELETE FROM undercurrent.knobs
             WHERE NOT EXISTS (SELECT
                                 FROM undercurrent.background_updates queued
                                WHERE queued.update_name = knobs.update_name)""")
        .update();
  }
}
