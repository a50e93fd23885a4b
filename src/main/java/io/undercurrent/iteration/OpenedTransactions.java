package io.undercurrent.iteration;

import java.time.Duration;
import java.util.Objects;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that their manager begins with SQL of an update, in place of its own. */
public class OpenedTransactions extends TransactionTemplate {

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

  /** Transactions that begin as any does. */
  static OpenedTransactions afresh(TransactionTemplate transactions) {
    return new OpenedTransactions(
        manager(transactions), SessionSettings.BEGIN_AFRESH, Duration.ZERO);
  }

  /** That of a template which has one. */
  static PlatformTransactionManager manager(TransactionTemplate transactions) {
    return Objects.requireNonNull(transactions.getTransactionManager(), "transaction manager");
  }

  /** SQL as {@link SessionSettings#BEGIN_AFRESH} is, to run before anything else. */
  public final String begin() {
    return begin;
  }

  /** How long that SQL may wait for a lock. */
  public final Duration patience() {
    return patience;
  }
}
