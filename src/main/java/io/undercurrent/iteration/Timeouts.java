package io.undercurrent.iteration;

import java.time.Duration;

/**
 * How long the statements of one iteration may take.
 *
 * @param lock how long one waits for a lock
 * @param statement how long one runs; zero for as long as it takes
 * @param idle how long the transaction may be open without a statement, while a bean works on a
 *     chunk for example; a frozen process does not hold its locks for longer
 */
public record Timeouts(Duration lock, Duration statement, Duration idle) {

  private static final Duration LOCK = Duration.ofSeconds(2);
  private static final Duration LEAST = Duration.ofSeconds(10);
  private static final Duration MOST = Duration.ofDays(1);
  private static final int TARGETS = 20;

  /** As long as it takes; for what runs outside of the iteration's transaction. */
  public static final Timeouts NONE = new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);

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
        most);
  }

  /** Those of the one transaction of an update that is done at once. */
  public static Timeouts ofOneShot(UpdateSettings update) {
    return new Timeouts(
        update.lockTimeout() == null ? LOCK : update.lockTimeout(),
        update.statementTimeout() == null ? Duration.ZERO : update.statementTimeout(),
        LEAST);
  }
}
