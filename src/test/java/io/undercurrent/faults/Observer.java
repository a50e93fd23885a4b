package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.RefusedException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.springframework.dao.DataAccessException;

/** Looks, again and again while a case runs, for what must not be so at any moment. */
final class Observer implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final Oracle oracle;
  private final Duration longestTransaction;
  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private final Thread thread = new Thread(this::look, "observer");
  private volatile boolean ended;

  /**
   * Begins to look.
   *
   * @param longestTransaction how long a transaction of ours may be open
   */
  Observer(Oracle oracle, Duration longestTransaction) {
    this.oracle = oracle;
    this.longestTransaction = longestTransaction;
    thread.start();
  }

  private void look() {
    while (!ended) {
      var begin = System.nanoTime();
      try {
        seen.addAll(oracle.wrongRows());
        seen.addAll(oracle.oldTransactions(longestTransaction.toSeconds()));
      } catch (DataAccessException | RefusedException e) {
        // the server is down, or the table gone
      }
      try {
        // A large table takes a while to look through.
        Thread.sleep(INTERVAL.toMillis() + (System.nanoTime() - begin) / 200_000);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Ends, and asserts that it has seen nothing. */
  void assertNothingSeen() {
    close();
    assertThat(new TreeSet<>(seen)).as("wrong at some moment").isEmpty();
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
