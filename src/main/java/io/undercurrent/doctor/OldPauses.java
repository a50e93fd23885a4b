package io.undercurrent.doctor;

import java.time.Duration;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Pauses without an end that may have been forgotten.
 *
 * @param old from what age on
 */
record OldPauses(Duration old) implements Check {

  @Override
  public String name() {
    return "old-pause";
  }

  @Override
  public void look(Patient patient, Findings found) {
    patient
        .jdbc()
        .sql(
            """
            SELECT update_name, author, reason, %s AS age
              FROM undercurrent.pauses_in_force
             WHERE until IS NULL
               AND paused_at < clock_timestamp() - :old * interval '1 s'
               AND (update_name IS NULL
                    OR update_name IN (SELECT update_name FROM undercurrent.background_updates))
             ORDER BY update_name NULLS FIRST"""
                .formatted(Age.seconds("paused_at")))
        .param("old", old.toSeconds())
        .query(
            (RowCallbackHandler)
                row -> {
                  var update = row.getString("update_name");
                  var reason = row.getString("reason");
                  found.hint(
                      update,
                      "%s paused by %s without an end for %s%s"
                          .formatted(
                              update == null
                                  ? "All updates have been"
                                  : "'" + update + "' has been",
                              row.getString("author"),
                              Age.words(row.getLong("age")),
                              reason == null ? "" : " (" + reason + ")"),
                      "If that was forgotten, lift it with: resume"
                          + (update == null ? "" : " " + update));
                });
  }
}
