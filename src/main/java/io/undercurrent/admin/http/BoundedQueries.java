package io.undercurrent.admin.http;

import io.undercurrent.admin.http.Attempt.Phase;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.RefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Asks databases, each on threads of its own, so that one that is down or hangs delays a client by
 * a second at most.
 */
public final class BoundedQueries implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BoundedQueries.class);

  /** Leaves some of the second for the answer. */
  static final Duration PATIENCE = Duration.ofMillis(800);

  /** As many as the database's pool has connections. */
  private static final int AT_ONCE = 3;

  private static final int MOST_WAITING = 200;

  private final List<String> databases;
  private final Duration patience;
  private final Map<String, ThreadPoolExecutor> threads = new HashMap<>();

  public BoundedQueries(List<String> databases) {
    this(databases, PATIENCE);
  }

  /**
   * Queries that wait for that long.
   *
   * @param patience how long to wait for an answer
   */
  public BoundedQueries(List<String> databases, Duration patience) {
    this.databases = databases;
    this.patience = patience;
    databases.forEach(database -> threads.put(database, threads(database)));
  }

  private static ThreadPoolExecutor threads(String database) {
    var executor =
        new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
              var thread = new Thread(task, "http-" + database);
              thread.setDaemon(true);
              // Not the class loader of the first request: connections outlive HTTP.
              thread.setContextClassLoader(BoundedQueries.class.getClassLoader());
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /**
   * Asks one database.
   *
   * @throws DatabaseDownException if there is no answer in time; the query may still run
   */
  public <T> T ask(String database, Supplier<T> question) {
    return ask(database, patience, question);
  }

  /** The same with another patience. */
  public <T> T ask(String database, Duration patience, Supplier<T> question) {
    return await(database, submit(database, question), deadline(patience));
  }

  /**
   * Changes one. Waits much longer for a database that answers than for one that does not.
   *
   * @throws DatabaseDownException if that takes too long; nothing was changed then, unless the
   *     commit itself took so long
   */
  public <T> T change(String database, Attempt<T> attempt) {
    var task = submit(database, attempt);
    for (var phase : List.of(Phase.REACHING, Phase.CHANGING)) {
      try {
        return await(database, task, deadline(phase.patience));
      } catch (DatabaseDownException e) {
        if (attempt.giveUp(phase)) {
          throw e;
        }
      }
    }
    return await(database, task, deadline(Phase.COMMITTING.patience));
  }

  /**
   * Asks all of them at the same time; the answers that came in time, by name, the main database
   * first.
   */
  public <T> Map<String, T> askAll(Function<String, T> question) {
    return askAll(patience, question);
  }

  /** The same with another patience. */
  public <T> Map<String, T> askAll(Duration patience, Function<String, T> question) {
    var deadline = deadline(patience);
    var asked = new LinkedHashMap<String, FutureTask<T>>();
    databases.forEach(name -> asked.put(name, submit(name, () -> question.apply(name))));
    var answers = new LinkedHashMap<String, T>();
    asked.forEach(
        (name, task) -> {
          try {
            answers.put(name, await(name, task, deadline));
          } catch (RefusedException | DataAccessException | TransactionException e) {
            log.debug("{} is left out of an answer", name, e);
          }
        });
    return answers;
  }

  private static long deadline(Duration patience) {
    return System.nanoTime() + patience.toNanos();
  }

  private <T> FutureTask<T> submit(String database, Supplier<T> question) {
    var task = new FutureTask<T>(question::get);
    try {
      executor(database).execute(task);
    } catch (RejectedExecutionException e) {
      task.cancel(false);
    }
    return task;
  }

  private ThreadPoolExecutor executor(String database) {
    var executor = threads.get(database);
    if (executor == null) {
      throw new IllegalArgumentException("There is no database '%s'".formatted(database));
    }
    return executor;
  }

  private <T> T await(String database, Future<T> task, long deadline) {
    try {
      if (!task.isCancelled()) {
        return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
    } catch (TimeoutException e) {
      // A query that has not begun yet never will.
      if (executor(database).remove((Runnable) task)) {
        task.cancel(false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
    throw new DatabaseDownException(
        "Database '%s' has not answered in time".formatted(database), null);
  }

  @Override
  public void close() {
    threads.values().forEach(ThreadPoolExecutor::shutdownNow);
  }
}
