package io.undercurrent.runner;

import io.undercurrent.execution.RunnerContext;
import io.undercurrent.history.Purge;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Removes what a history need not keep any longer: once a day, a chunk each round. */
final class Retention {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration DAY = Duration.ofDays(1);

  private final String database;
  private final RunnerContext context;
  private @Nullable Long over;

  Retention(String database, RunnerContext context) {
    this.database = database;
    this.context = context;
  }

  /** Removes a chunk if it is time to. A failure is no update's: it is tried again in a day. */
  void round(Purge purge) {
    if (over != null && context.time().since(over).compareTo(DAY) < 0) {
      return;
    }
    over = context.time().nanos();
    try {
      removeSamples(purge, context.history().samples());
      removeRuns(purge, context.history().runs());
    } catch (DataAccessException e) {
      log.warn("The history of {} could not be purged", database, e);
    }
  }

  private void removeSamples(Purge purge, Duration limit) {
    var samples = purge.nextSamples(context.clock().instant().minus(limit));
    if (samples > 0) {
      over = null;
      log.info(
          "Removed {} samples of what runs on {} have done: they are older than {} days",
          samples,
          database,
          limit.toDays());
    }
  }

  private void removeRuns(Purge purge, @Nullable Duration limit) {
    if (limit != null) {
      var purged = purge.next(context.clock().instant().minus(limit));
      if (!purged.isNothing()) {
        over = null;
        log.info(
            "Removed {} runs and {} records of changes from the history of {}: they are older than {} days",
            purged.runs(),
            purged.actions(),
            database,
            limit.toDays());
      }
    }
  }
}
