package io.undercurrent.iteration;

import java.time.Duration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that their manager begins with SQL of an update, in place of its own. */
public final class OpenedTransactions extends TransactionTemplate {

  private final String begin;
  private final Duration patience;

  /**
   * Transactions of that beginning.
   *
   * @param begin the SQL
   * @param patience how long it may wait for a lock
   */
  public OpenedTransactions(PlatformTransactionManager manager, String begin, Duration patience) {
    super(manager);
    this.begin = begin;
    this.patience = patience;
  }

  /** SQL as {@link SessionSettings#BEGIN_AFRESH} is, to run before anything else. */
  public String begin() {
    return begin;
  }

  /** How long that SQL may wait for a lock. */
  public Duration patience() {
    return patience;
  }
}
