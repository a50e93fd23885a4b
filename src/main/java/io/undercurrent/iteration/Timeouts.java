package io.undercurrent.iteration;

import io.undercurrent.job.UpdateDefinition;
import io.undercurrent.job.Work;
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

  /**
   * The timeouts of an update's next iteration.
   *
   * @param target its target duration, which counts for chunks only
   */
  public static Timeouts of(UpdateDefinition definition, Duration target) {
    if (definition.work() instanceof Work.CreateIndex) {
      return new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
    return definition.work() instanceof Work.ReadWrite
        ? ofChunk(definition, target)
        : ofOneShot(definition);
  }

  public static Timeouts ofChunk(UpdateDefinition definition, Duration target) {
    var scaled =
        target.compareTo(MOST.dividedBy(TARGETS)) > 0 ? MOST : target.multipliedBy(TARGETS);
    var most = scaled.compareTo(LEAST) > 0 ? scaled : LEAST;
    return new Timeouts(
        definition.lockTimeout() == null ? LOCK : definition.lockTimeout(),
        definition.statementTimeout() == null ? most : definition.statementTimeout(),
        most);
  }

  static Timeouts ofOneShot(UpdateDefinition definition) {
    return new Timeouts(
        definition.lockTimeout() == null ? LOCK : definition.lockTimeout(),
        definition.statementTimeout() == null ? Duration.ZERO : definition.statementTimeout(),
        LEAST);
  }
}
