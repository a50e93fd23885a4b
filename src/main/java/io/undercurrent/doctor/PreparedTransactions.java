package io.undercurrent.doctor;

import java.time.Duration;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Prepared transactions that nobody has ended: they outlive every session, and hold locks.
 *
 * @param old from what age on
 */
record PreparedTransactions(Duration old) implements Check {

  @Override
  public String name() {
    return "prepared-transaction";
  }

  @Override
  public boolean readsOurTables() {
    return false;
  }

  @Override
  public void look(Patient patient, Findings found) {
    patient
        .jdbc()
        .sql(
            """
            SELECT gid, quote_literal(gid) AS quoted, owner, %s AS age
              FROM pg_prepared_xacts
             WHERE database = current_database()
               AND prepared < clock_timestamp() - :old * interval '1 s'
             ORDER BY prepared"""
                .formatted(Age.seconds("prepared")))
        .param("old", old.toSeconds())
        .query(
            (RowCallbackHandler)
                row ->
                    found.problem(
                        row.getString("gid"),
                        "The transaction %s was prepared by %s %s ago and not ended: it keeps its locks, and vacuum from its work"
                            .formatted(
                                row.getString("quoted"),
                                row.getString("owner"),
                                Age.words(row.getLong("age"))),
                        "COMMIT PREPARED %1$s, or: ROLLBACK PREPARED %1$s"
                            .formatted(row.getString("quoted"))));
  }
}
