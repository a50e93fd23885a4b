package io.undercurrent.iteration;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that their manager begins with SQL of an update, in place of its own. */
public final class OpenedTransactions extends TransactionTemplate {

  private final String begin;

  public OpenedTransactions(PlatformTransactionManager manager, String begin) {
    super(manager);
    this.begin = begin;
  }

  /** SQL as {@link SessionSettings#BEGIN_AFRESH} is, to run before anything else. */
  public String begin() {
    return begin;
  }
}
