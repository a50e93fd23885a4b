package io.undercurrent.admin.metrics;

import io.undercurrent.admin.metrics.QueueMeters.Sight;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.Database;
import io.undercurrent.database.ReadOnly;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.status.DatabaseStatus;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Looks at each database every few seconds, on a thread of its own, so that metrics can be asked
 * for without waiting for a database.
 */
public final class QueueLooks implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(QueueLooks.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Supplier<BackgroundUpdates> updates;
  private final Supplier<Databases> databases;
  private final UpdateMetrics metrics;
  private @Nullable ScheduledExecutorService threads;

  /**
   * Looks at none before it is started.
   *
   * @param updates what is asked about the queues
   * @param databases the databases themselves
   * @param metrics where it is shown
   */
  public QueueLooks(
      Supplier<BackgroundUpdates> updates, Supplier<Databases> databases, UpdateMetrics metrics) {
    this.updates = updates;
    this.databases = databases;
    this.metrics = metrics;
  }

  @Override
  public synchronized void start() {
    var names = updates.get().databases();
    var looking =
        Executors.newScheduledThreadPool(
            names.size(),
            task -> {
              var thread = new Thread(task, "metrics");
              thread.setDaemon(true);
              return thread;
            });
    names.forEach(
        name ->
            looking.scheduleWithFixedDelay(
                () -> look(name), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    threads = looking;
  }

  /** Looks once, now. */
  public void look(String name) {
    try {
      metrics.see(sight(name));
    } catch (RuntimeException e) {
      log.error("The metrics of {} are not up to date", name, e);
    }
  }

  private Sight sight(String name) {
    var status = updates.get().status(name);
    if (status.problem() != null) {
      return new Sight(status, false, 0);
    }
    try {
      var database = databases.get().get(name);
      return new Sight(status, isReadOnly(database), quarantined(database));
    } catch (RefusedException e) {
      return down(name, String.valueOf(e.getMessage()));
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (!failure.down()) {
        throw e;
      }
      return down(name, failure.sentence());
    }
  }

  private static Sight down(String name, String problem) {
    return new Sight(DatabaseStatus.unreachable(name, problem), false, 0);
  }

  private static boolean isReadOnly(Database database) {
    return database
        .jdbc()
        .sql("SELECT (" + ReadOnly.CAUSE + ") IS NOT NULL")
        .query(Boolean.class)
        .single();
  }

  private static long quarantined(Database database) {
    return database.isPrepared()
        ? database
            .jdbc()
            .sql(
                """
                SELECT count(*)
                  FROM (SELECT
                          FROM undercurrent.quarantine
                         LIMIT 10000) aside""")
            .query(Long.class)
            .single()
        : 0;
  }

  @Override
  public synchronized void stop() {
    if (threads != null) {
      threads.shutdownNow();
      threads = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return threads != null;
  }
}
