package io.undercurrent.execution;

import io.undercurrent.iteration.IterationListener;
import io.undercurrent.queue.Selection;
import io.undercurrent.state.Measure;
import java.time.Duration;

/**
 * Hears what the runners of this process do, on their threads and outside of transactions. A
 * listener returns at once and throws nothing.
 */
public interface RunnerListener extends IterationListener {

  /** Does not listen. */
  RunnerListener NONE = new RunnerListener() {};

  /** A runner has begun: it takes the lease, or stands by until it can. */
  default void began(String database) {}

  /**
   * A runner has ended.
   *
   * @param stopped whether it was told to; if not, an error has ended it
   */
  default void ended(String database, boolean stopped) {}

  /** The lease was taken or renewed; called on a thread of its own. */
  default void leaseRenewed(String database) {}

  /** The lease was given back or lost. */
  default void leaseGone(String database) {}

  /**
   * The runner has looked at the queue; what is next is launched if updates are enabled.
   *
   * @param enabled false also while a pause of all holds
   */
  default void looked(String database, Selection selection, boolean enabled) {}

  /**
   * A signal of the database's health was looked at; called on a thread of its own.
   *
   * @param measure without a value if it cannot be read
   */
  default void measured(String database, Measure measure) {}

  /** An update is started or restarted. */
  default void launched(String database, String update) {}

  /** A try has failed that counts, or an execution; it may be tried again. */
  default void failed(String database, String update) {}

  /**
   * A run that has begun has spent time on something since this was last said of it; called every
   * few seconds, on a thread of its own.
   *
   * @param activity as in {@code undercurrent.run_times}: {@code working}, {@code sleeping}, {@code
   *     held:replication-lag}, {@code paused}
   */
  default void spent(String database, String update, String activity, Duration duration) {}
}
