package io.undercurrent.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The furthest that this process has seen the log of a database's cluster: a server that is behind
 * has been replaced, which its own tables cannot tell.
 */
final class SeenPositions {

  private static final Logger log = LoggerFactory.getLogger(SeenPositions.class);

  private final String database;
  private final Runnable promoted;
  private final Map<Long, WalPosition> furthest = new ConcurrentHashMap<>();
  private volatile boolean told = true;

  /**
   * Positions of which none was seen.
   *
   * @param promoted runs when a later timeline is seen
   */
  SeenPositions(String database, Runnable promoted) {
    this.database = database;
    this.promoted = promoted;
  }

  /** Whether the servers say where they are: some services forbid to ask. */
  boolean told() {
    return told;
  }

  /** Whether a timeline is over: a later one of the same cluster was seen. */
  boolean isOver(Timeline timeline) {
    var seen = furthest.get(timeline.system());
    return seen != null && seen.timeline().isAfter(timeline);
  }

  /**
   * Looks at the server of a new connection.
   *
   * @return where it is, or null if it is a standby or does not say
   * @throws OldPrimaryException if another one has been seen further
   */
  @Nullable WalPosition require(Connection connection) throws SQLException {
    // What others see meanwhile may be further than this server's answer.
    var before = Map.copyOf(furthest);
    var found = ask(connection);
    if (found == null) {
      return null;
    }
    var seen = before.get(found.timeline().system());
    if (seen != null && found.isBehind(seen)) {
      throw new OldPrimaryException(database, found, seen);
    }
    see(found);
    return found;
  }

  private @Nullable WalPosition ask(Connection connection) throws SQLException {
    try {
      return told ? WalPosition.of(connection) : null;
    } catch (SQLException e) {
      if (SqlFailure.of(e).down()) {
        throw e;
      }
      log.info("{} does not say on which timeline it is: {}", database, e.getMessage());
      told = false;
      return null;
    }
  }

  private void see(WalPosition found) {
    var system = found.timeline().system();
    var elsewhere = furthest.isEmpty() ? null : furthest.values().iterator().next();
    var seen = furthest.get(system);
    furthest.merge(system, found, (one, other) -> one.isBehind(other) ? other : one);
    if (seen != null && found.timeline().isAfter(seen.timeline())) {
      log.info(
          "{} is on timeline {} now, on {}; it was on {}, on {}",
          database,
          found.timeline().number(),
          found.host(),
          seen.timeline().number(),
          seen.host());
      promoted.run();
    } else if (seen == null && elsewhere != null) {
      log.warn(
          "{} is in another cluster now, {} on {}; it was in {} on {}: upgraded, or restored from a dump",
          database,
          system,
          found.host(),
          elsewhere.timeline().system(),
          elsewhere.host());
    }
  }

  /** Sees a server again that was seen before. */
  void seeAgain(Timeline timeline, long lsn, Instant at) {
    furthest.computeIfPresent(
        timeline.system(),
        (system, seen) ->
            seen.timeline().equals(timeline) && seen.lsn() < lsn ? seen.at(lsn, at) : seen);
  }
}
