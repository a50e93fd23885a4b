package io.undercurrent.doctor;

import io.undercurrent.queue.Pauses;
import org.springframework.jdbc.core.RowCallbackHandler;

/** Pauses of updates that are not queued any more, as where their rows were deleted by SQL. */
final class StalePauses implements Check {

  @Override
  public String name() {
    return "stale-pause";
  }

  @Override
  public void look(Patient patient, Findings found) {
    patient
        .jdbc()
        .sql(
            """
            SELECT update_name, author, %s AS age
              FROM undercurrent.pauses_in_force
             WHERE update_name IS NOT NULL
               AND NOT EXISTS (SELECT
                                 FROM undercurrent.background_updates queued
                                WHERE queued.update_name = pauses_in_force.update_name)
             ORDER BY update_name"""
                .formatted(Age.seconds("paused_at")))
        .query(
            (RowCallbackHandler)
                row -> {
                  var update = row.getString("update_name");
                  found.problem(
                      update,
                      "'%s' has been paused by %s for %s, but is not queued: the pause would hold it once it is"
                          .formatted(
                              update, row.getString("author"), Age.words(row.getLong("age"))),
                      "Lift it with: resume " + update,
                      done ->
                          patient
                              .database()
                              .transactions()
                              .executeWithoutResult(
                                  status -> {
                                    new Pauses(patient.database()).remove(update);
                                    done.accept("Lifted the pause of %s.".formatted(update));
                                  }));
                });
  }
}
