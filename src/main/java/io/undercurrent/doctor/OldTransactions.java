package io.undercurrent.doctor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Transactions that have been open for so long that vacuum cannot remove what updates leave behind.
 *
 * @param old from what age on
 */
record OldTransactions(Duration old) implements Check {

  @Override
  public String name() {
    return "old-transaction";
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
            SELECT pid, usename, coalesce(nullif(application_name, ''), 'no name') AS application_name,
                   state, left(query, 100) AS query, %s AS age
              FROM pg_stat_activity
             WHERE datname = current_database()
               AND pid <> pg_backend_pid()
               AND backend_type = 'client backend'
               AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
               AND xact_start < clock_timestamp() - :old * interval '1 s'
               -- a chunk's transactions have timeouts, an index build is to take its time
               AND NOT starts_with(application_name, 'undercurrent')
               -- vacuum does not wait for another one
               AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)
             ORDER BY xact_start"""
                .formatted(Age.seconds("xact_start")))
        .param("old", old.toSeconds())
        .query((RowCallbackHandler) row -> report(row, found));
    lookForHidden(patient, found);
  }

  private static void report(ResultSet row, Findings found) throws SQLException {
    var pid = row.getString("pid");
    var state = String.valueOf(row.getString("state"));
    var sentence =
        "Session %s of %s (user %s), %s, has had a transaction open for %s, which keeps vacuum from its work: %s"
            .formatted(
                pid,
                row.getString("application_name"),
                row.getString("usename"),
                state,
                Age.words(row.getLong("age")),
                row.getString("query"));
    if (state.startsWith("idle in transaction")) {
      found.problem(pid, sentence, "SELECT pg_terminate_backend(%s)".formatted(pid));
    } else {
      found.hint(pid, sentence, "Let it finish, or: SELECT pg_cancel_backend(%s)".formatted(pid));
    }
  }

  private static void lookForHidden(Patient patient, Findings found) {
    patient
        .jdbc()
        .sql(
            """
            SELECT count(*) AS hidden, quote_ident(current_user) AS role
              FROM pg_stat_activity
             WHERE datname = current_database()
               AND query = '<insufficient privilege>'
               AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
            HAVING count(*) > 0""")
        .query(
            (RowCallbackHandler)
                row ->
                    found.notSeen(
                        "how old the transactions of other roles are cannot be seen. Let this role see them with: GRANT pg_read_all_stats TO %s"
                            .formatted(row.getString("role"))));
  }
}
