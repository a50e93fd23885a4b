package io.undercurrent.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session that others wait for. PostgreSQL shows what it does only to members of its role and of
 * {@code pg_read_all_stats}.
 *
 * @param pid its server process; 0 if it is a prepared transaction
 * @param user its role, or null if it has none
 * @param application what it calls itself, or what kind of process it is; null if hidden
 * @param state such as {@code idle in transaction}, or null if hidden
 * @param since when its transaction began, or null if hidden
 * @param query its last statement, or null if hidden
 */
public record Blocker(
    int pid,
    @Nullable String user,
    @Nullable String application,
    @Nullable String state,
    @Nullable Instant since,
    @Nullable String query) {

  /** The session in words: {@code session 4711 of report (user anna)}. */
  public String words() {
    return "session %d%s%s"
        .formatted(
            pid,
            application == null || application.isEmpty() ? "" : " of " + application,
            user == null ? "" : " (user " + user + ")");
  }
}
