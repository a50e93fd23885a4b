package io.undercurrent.admin;

import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.command.Operator;
import io.undercurrent.database.RefusedException;
import io.undercurrent.status.DatabaseStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Whether updates may run, on all databases. A database that is down gets the latest wish when it
 * returns.
 */
final class EnabledSwitch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EnabledSwitch.class);

  private final BackgroundUpdates updates;
  private final BoundedQueries questions;
  private final Statuses statuses;
  private final Map<String, Wish> open = new ConcurrentHashMap<>();
  private final Map<String, Object> locks = new HashMap<>();
  private final ScheduledExecutorService again;

  EnabledSwitch(BackgroundUpdates updates, BoundedQueries questions, Statuses statuses) {
    this.updates = updates;
    this.questions = questions;
    this.statuses = statuses;
    updates.databases().forEach(name -> locks.put(name, new Object()));
    this.again =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var thread = new Thread(task, "http-enabled");
              thread.setDaemon(true);
              return thread;
            });
    again.scheduleWithFixedDelay(this::settleAgain, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Whether updates are enabled on all databases that answer, and no wish to disable them is
   * waiting.
   */
  boolean in(Collection<DatabaseStatus> statuses) {
    return open.values().stream().allMatch(Wish::enabled)
        && statuses.stream()
            .allMatch(status -> open.containsKey(status.database()) || status.enabled());
  }

  void set(boolean enabled, Operator operator) {
    var wish = new Wish(enabled, operator);
    updates.databases().forEach(name -> open.put(name, wish));
    questions.askAll(this::settle);
  }

  /** One at a time for each database, so that no older wish comes after a newer one. */
  private boolean settle(String database) {
    synchronized (lock(database)) {
      @Nullable Wish wish = open.get(database);
      if (wish != null) {
        updates.enable(database, wish.enabled, wish.operator);
        // The wish answers for the database until then.
        statuses.forget();
        open.remove(database, wish);
      }
      return true;
    }
  }

  private Object lock(String database) {
    return locks.getOrDefault(database, locks);
  }

  private void settleAgain() {
    for (var database : Map.copyOf(open).keySet()) {
      try {
        questions.ask(database, () -> settle(database));
      } catch (RefusedException | DataAccessException | TransactionException e) {
        log.debug("Updates on {} are not switched yet", database, e);
      } catch (RuntimeException e) {
        log.error("Updates on {} cannot be switched", database, e);
      }
    }
  }

  @Override
  public void close() {
    again.shutdownNow();
  }

  private record Wish(boolean enabled, Operator operator) {}
}
