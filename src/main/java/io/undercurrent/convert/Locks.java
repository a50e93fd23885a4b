package io.undercurrent.convert;

import io.undercurrent.ddl.Ddl;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.stop.StopAtBoundaryException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Strong locks that a transaction gets soon or not at all: the application waits behind them. */
final class Locks {

  /** An autovacuum makes way for who has waited for as long as deadlock_timeout, 1 s by default. */
  private static final Duration FOR_MAINTENANCE = Duration.ofSeconds(5);

  private static final Duration STATEMENT = Duration.ofSeconds(10);

  private Locks() {}

  /**
   * Changes tables in a transaction of the runner's, unless the update is cancelled.
   *
   * @param tables as SQL
   * @throws StopAtBoundaryException if a wish stops it
   */
  static void change(UpdateContext update, List<String> tables, Consumer<JdbcTemplate> change) {
    var timeouts = new Timeouts(FOR_MAINTENANCE, STATEMENT, false, STATEMENT);
    update
        .transactions()
        .executeWithoutResult(
            status -> {
              update
                  .gate()
                  .opening()
                  .limitUnlessWished(timeouts)
                  .ifPresent(
                      reason -> {
                        throw new StopAtBoundaryException(reason);
                      });
              lockOutMaintenance(update.jdbc(), tables, update.settings().lockTimeout());
              requireQueued(update);
              change.accept(update.jdbc());
            });
  }

  /** A cancellation waits until this is committed, and then clears it away. */
  private static void requireQueued(UpdateContext update) {
    if (update
        .jdbc()
        .queryForList(
            "SELECT 1 FROM undercurrent.background_updates WHERE update_name = ? FOR KEY SHARE",
            Integer.class,
            update.name())
        .isEmpty()) {
      throw new StopAtBoundaryException("cancelled");
    }
  }

  /**
   * Waits for what maintains tables, which does not hinder the application. What follows in the
   * transaction gets its locks soon or not at all.
   *
   * @param patience how soon, or null for the default
   */
  static void lockOutMaintenance(
      JdbcTemplate jdbc, List<String> tables, @Nullable Duration patience) {
    var soon = patience == null ? Ddl.LOCK_TIMEOUT : patience;
    jdbc.execute("SET LOCAL lock_timeout = " + FOR_MAINTENANCE.toMillis());
    jdbc.execute("LOCK TABLE " + String.join(", ", tables) + " IN SHARE UPDATE EXCLUSIVE MODE");
    jdbc.execute("SET LOCAL lock_timeout = " + soon.toMillis());
    jdbc.execute("SET LOCAL statement_timeout = " + STATEMENT.toMillis());
  }
}
