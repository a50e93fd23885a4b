package io.undercurrent.admin.http;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionOperations;

/**
 * A change of a database that happens as a whole or, if the client gives up before its commit, not
 * at all.
 */
public final class Attempt<T> implements Supplier<T> {

  private final Supplier<? extends TransactionOperations> transactions;
  private final Supplier<T> change;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.REACHING);

  /**
   * An attempt that has not begun.
   *
   * @param transactions those of the database, looked up where the change is made
   * @param change joins a transaction of them
   */
  public Attempt(Supplier<? extends TransactionOperations> transactions, Supplier<T> change) {
    this.transactions = transactions;
    this.change = change;
  }

  /**
   * Makes the change.
   *
   * @throws CancellationException if it was given up
   */
  @Override
  public T get() {
    return transactions
        .get()
        .execute(
            status -> {
              goOn(Phase.REACHING, Phase.CHANGING);
              var result = change.get();
              goOn(Phase.CHANGING, Phase.COMMITTING);
              return result;
            });
  }

  private void goOn(Phase from, Phase to) {
    if (!phase.compareAndSet(from, to)) {
      throw new CancellationException("The client has given up on this change");
    }
  }

  /**
   * Gives up if the attempt has come no further than that.
   *
   * @return whether it gave up; after the last phase the change may have happened all the same
   */
  boolean giveUp(Phase reached) {
    return phase.compareAndSet(reached, Phase.GIVEN_UP);
  }

  /** How far it has come, and how long to wait for that. */
  enum Phase {
    /** Whether the database answers is known soon. */
    REACHING(BoundedQueries.PATIENCE),
    /** A job's check may look for a NULL in its key for 5 s. */
    CHANGING(Duration.ofSeconds(10)),
    COMMITTING(Duration.ofSeconds(5)),
    GIVEN_UP(Duration.ZERO);

    final Duration patience;

    Phase(Duration patience) {
      this.patience = patience;
    }
  }
}
