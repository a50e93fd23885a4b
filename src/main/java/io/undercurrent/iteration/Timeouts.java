package io.undercurrent.iteration;

import java.time.Duration;

/**
 * How long the statements of one iteration may take.
 *
 * @param lock how long one waits for a lock
 * @param statement how long one runs; zero for as long as it takes
 * @param yields whether a wait for a lock ends before the server looks for deadlocks, so that none
 *     that we are part of hits the other session
 * @param idle how long the transaction may be open without a statement, while a bean works on a
 *     chunk for example; a frozen process does not hold its locks for longer
 */
public record Timeouts(Duration lock, Duration statement, boolean yields, Duration idle) {

  private static final Duration LOCK = Duration.ofSeconds(2);
  private static final Duration LEAST = Duration.ofSeconds(10);
  private static final Duration MOST = Duration.ofDays(1);
  private static final int TARGETS = 20;

  /** A statement of several rows that takes longer than so many half targets is better cut off. */
  private static final int MOST_HALF_TARGETS = 7;

  /** Below the target that is the default, an overrun is not worth the effort. */
  private static final Duration LEAST_TARGET = Duration.ofMillis(100);

  /** As long as it takes; for what runs outside of the iteration's transaction. */
  public static final Timeouts NONE =
      new Timeouts(Duration.ZERO, Duration.ZERO, false, Duration.ZERO);

  /**
   * Those of the transaction that writes a chunk.
   *
   * @param target the chunk's target duration
   */
  public static Timeouts ofChunk(UpdateSettings update, Duration target) {
    var scaled =
        target.compareTo(MOST.dividedBy(TARGETS)) > 0 ? MOST : target.multipliedBy(TARGETS);
    var most = scaled.compareTo(LEAST) > 0 ? scaled : LEAST;
    return new Timeouts(
        update.lockTimeout() == null ? LOCK : update.lockTimeout(),
        update.statementTimeout() == null ? most : update.statementTimeout(),
        update.lockTimeout() == null,
        most);
  }

  /** Those of the one transaction of an update that is done at once. */
  public static Timeouts ofOneShot(UpdateSettings update) {
    return new Timeouts(
        update.lockTimeout() == null ? LOCK : update.lockTimeout(),
        update.statementTimeout() == null ? Duration.ZERO : update.statementTimeout(),
        update.lockTimeout() == null,
        LEAST);
  }

  /**
   * The same for a chunk of so many items: several can become fewer, and so have less time.
   *
   * @param target the chunk's target duration
   * @param least how long a chunk of one item takes, if that is longer
   */
  public Timeouts ofItems(int items, Duration target, Duration least) {
    if (items == 1) {
      return this;
    }
    var longest = longer(longer(LEAST_TARGET, target), least);
    var most =
        longest.compareTo(MOST) > 0
            ? statement
            : shorter(statement, longest.multipliedBy(MOST_HALF_TARGETS).dividedBy(2));
    // A wait for a lock ends before its statement does, so that the error says what it was.
    return yields
        ? new Timeouts(shorter(lock, most.multipliedBy(3).dividedBy(4)), most, true, idle)
        : new Timeouts(
            lock, shorter(statement, longer(most, lock.multipliedBy(4).dividedBy(3))), false, idle);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
