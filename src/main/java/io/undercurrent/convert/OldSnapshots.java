package io.undercurrent.convert;

import static java.util.Objects.requireNonNull;

import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.stop.StopAtBoundaryException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Transactions that see rows as they were before they were converted: after a swap they would find
 * no value in the column. The build of an index waits for their end anyway.
 */
final class OldSnapshots {

  private static final Logger log = LoggerFactory.getLogger(OldSnapshots.class);

  private static final Duration LOOK = Duration.ofMillis(200);

  private static final String FIND =
      """
      SELECT format('pid %s', pid)
        FROM pg_stat_activity
       WHERE datname = current_database()
         AND pid <> pg_backend_pid()
         AND age(backend_xmin) > age(CAST(CAST(? AS text) AS xid))""";

  private OldSnapshots() {}

  /**
   * Waits for the end of all that are older than this moment.
   *
   * @throws StopAtBoundaryException if there is a stop
   */
  static void awaitEnd(UpdateContext update) {
    var now = requireNonNull(update.transactions().execute(status -> id(update.jdbc())));
    var seen = List.<String>of();
    for (var old = find(update.jdbc(), now); !old.isEmpty(); old = find(update.jdbc(), now)) {
      if (!old.equals(seen)) {
        log.info(
            "Update {} on {} waits for transactions with an older snapshot: {}",
            update.name(),
            update.databaseName(),
            String.join(", ", old));
        seen = old;
      }
      update.stop().pause(LOOK);
    }
  }

  private static String id(JdbcTemplate jdbc) {
    return requireNonNull(
        jdbc.queryForObject("SELECT CAST(pg_current_xact_id() AS xid)", String.class));
  }

  private static List<String> find(JdbcTemplate jdbc, String xid) {
    return jdbc.queryForList(FIND, String.class, xid);
  }
}
