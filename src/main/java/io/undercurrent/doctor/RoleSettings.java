package io.undercurrent.doctor;

import io.undercurrent.database.ReadOnly;
import io.undercurrent.iteration.SessionSettings;
import java.util.Optional;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Settings of the role, the database or the server with which updates fail. Others do not matter:
 * what an update needs, its iterations set for themselves.
 */
final class RoleSettings implements Check {

  private static final int SHORT_MS = 1_000;

  @Override
  public String name() {
    return "role-setting";
  }

  @Override
  public boolean readsOurTables() {
    return false;
  }

  @Override
  public void look(Patient patient, Findings found) {
    value(patient, ReadOnly.CAUSE)
        .map(ReadOnly::sentence)
        .ifPresent(sentence -> split("default_transaction_read_only", sentence, found));
    value(patient, SessionSettings.UNSAFE_SETTING)
        .ifPresent(
            sentence ->
                split(
                    "unsafe setting", "Updates refuse to run with this role: " + sentence, found));
    value(patient, "CASE WHEN current_schema() = 'undercurrent' THEN quote_ident(current_user) END")
        .ifPresent(
            role ->
                found.problem(
                    "search_path",
                    "The default schema is undercurrent: the jobs' table names would mean Undercurrent's own tables",
                    "Log in as another role, or: ALTER ROLE %s SET search_path = public"
                        .formatted(role)));
    lookForShortTimeout(patient, found);
  }

  private static Optional<String> value(Patient patient, String expression) {
    return patient
        .jdbc()
        .sql("SELECT " + expression)
        .query((row, number) -> row.getString(1))
        .list()
        .stream()
        .flatMap(value -> Optional.ofNullable(value).stream())
        .findFirst();
  }

  /** The last sentence is the way out. */
  private static void split(String subject, String sentences, Findings found) {
    var end = sentences.indexOf(". ");
    found.problem(
        subject,
        end < 0 ? sentences : sentences.substring(0, end),
        end < 0 ? "" : sentences.substring(end + 2));
  }

  // Iterations and index builds have timeouts of their own; verbs and the lease do not.
  private static void lookForShortTimeout(Patient patient, Findings found) {
    patient
        .jdbc()
        .sql(
            """
            SELECT reset_val, format('%I IN DATABASE %I', session_user, current_database()) AS whom
              FROM pg_settings
             WHERE name = 'statement_timeout'
               AND CAST(reset_val AS bigint) BETWEEN 1 AND :short""")
        .param("short", SHORT_MS)
        .query(
            (RowCallbackHandler)
                row ->
                    found.hint(
                        "statement_timeout",
                        "statement_timeout is %s ms for this role: the lease, verbs and history may be cut off under load"
                            .formatted(row.getString("reset_val")),
                        "ALTER ROLE %s SET statement_timeout = 0"
                            .formatted(row.getString("whom"))));
  }
}
