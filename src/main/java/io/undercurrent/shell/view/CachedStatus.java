package io.undercurrent.shell.view;

import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.shell.screen.Ticker;
import io.undercurrent.status.DatabaseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main database's state as it was a moment ago, so that the prompt never waits for it. */
public final class CachedStatus implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CachedStatus.class);
  private static final Duration BETWEEN_BEATS = Duration.ofSeconds(1);

  private final Backend backend;
  private final Ticker ticker = new Ticker("pulse");
  private volatile Optional<DatabaseStatus> status = Optional.empty();
  private volatile List<String> queued = List.of();

  public CachedStatus(Backend backend) {
    this.backend = backend;
  }

  /** Looks at the database every second from now on, and calls back after each look. */
  public void start(Runnable afterBeat) {
    ticker.every(
        BETWEEN_BEATS,
        Duration.ZERO,
        () -> {
          beat();
          afterBeat.run();
        });
  }

  void beat() {
    try {
      var database = backend.database(null);
      var seen = backend.updates().status(database);
      status = Optional.of(seen);
      if (seen.problem() == null) {
        queued = seen.updates().stream().map(update -> update.queued().name()).toList();
      }
    } catch (RuntimeException e) {
      log.debug("The main database's state could not be read", e);
      status = Optional.empty();
    }
  }

  /** What was seen last, or empty before the first look. */
  public Optional<DatabaseStatus> status() {
    return status;
  }

  /**
   * The updates that were queued; those of another database are asked for now.
   *
   * @param database the database, or null for the main one
   */
  public List<String> queued(@Nullable String database) {
    if (database == null) {
      return queued;
    }
    try {
      return names(backend.database(database));
    } catch (RuntimeException e) {
      log.debug("The queue of {} could not be read", database, e);
      return List.of();
    }
  }

  private List<String> names(String database) {
    return backend.updates().queue(database).stream().map(QueuedUpdate::name).toList();
  }

  @Override
  public void close() {
    ticker.close();
  }
}
