package io.undercurrent.runner;

import io.undercurrent.database.RefusedException;
import io.undercurrent.job.JobFile;
import io.undercurrent.queue.Pause;
import io.undercurrent.queue.QueuedUpdate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators and programs ask of Undercurrent; the console and the HTTP API stand on it.
 *
 * <p>Every method reads and writes rows of the database it names, so it works in any process,
 * whoever holds the lease. What cannot be done is a {@link RefusedException} whose message is meant
 * for the operator.
 */
public final class BackgroundUpdates implements AutoCloseable {

  /** The databases' names, in the configuration's order; the main one first. */
  public List<String> databases() {
    throw new UnsupportedOperationException();
  }

  /** The jobs that can be started, by name. Files with problems are refused by {@link #check}. */
  public List<JobFile> jobs() {
    throw new UnsupportedOperationException();
  }

  /** What a database's queue is doing; a database that is down answers with its problem. */
  public DatabaseStatus status(String database) {
    throw new UnsupportedOperationException();
  }

  /** The queue in the order in which updates are taken. */
  public List<QueuedUpdate> queue(String database) {
    throw new UnsupportedOperationException();
  }

  /** What is paused. */
  public List<Pause> pauses(String database) {
    throw new UnsupportedOperationException();
  }

  /**
   * Queues a job's updates, all or none.
   *
   * @return the names of the queued updates, in order
   */
  public List<String> start(String database, String job) {
    throw new UnsupportedOperationException();
  }

  /**
   * Holds one update, or all, from the next iteration boundary on; survives restarts.
   *
   * @param update the update, or null for all
   * @param reason why, or null
   * @param duration after what time the pause ends by itself, or null
   */
  public Pause pause(
      String database,
      @Nullable String update,
      @Nullable String reason,
      String author,
      @Nullable Duration duration) {
    throw new UnsupportedOperationException();
  }

  /**
   * Lifts a pause; the pause of all also lifts {@code enabled = false}.
   *
   * @return whether anything was paused
   */
  public boolean resume(String database, @Nullable String update) {
    throw new UnsupportedOperationException();
  }

  /** Has a failed or given-up update tried again now, with its count of failures reset. */
  public void retry(String database, String update) {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes an update and all that depend on it out of the queue. What it has committed stays.
   *
   * @return the names that left the queue, the update's own first
   */
  public List<String> cancel(String database, String update) {
    throw new UnsupportedOperationException();
  }

  /**
   * Parses job files and prepares every statement against a database; changes nothing.
   *
   * @param job the job, or null for all
   * @return the problems, each with file and line; empty if there is none
   */
  public List<String> check(String database, @Nullable String job) {
    throw new UnsupportedOperationException();
  }

  /**
   * Starts a runner for each database, each on a thread of its own: it takes the lease when it can
   * and stands by otherwise, until {@link #close()}.
   */
  public void startRunners() {
    throw new UnsupportedOperationException();
  }

  /**
   * Waits for a database's queue to be worked off, by this process or by the one that holds the
   * lease.
   *
   * @param timeout how long to wait at most
   * @return whether nothing is left that could still run: the rest is given up, paused or waits for
   *     such an update
   */
  public boolean awaitIdle(String database, Duration timeout) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /**
   * Stops the runners at the next iteration boundary and gives their leases back; returns when they
   * have ended.
   */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
