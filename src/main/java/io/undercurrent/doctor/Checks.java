package io.undercurrent.doctor;

import io.undercurrent.execution.Workers;
import java.time.Duration;
import java.util.List;

/** All checks, in the order in which they are made. */
final class Checks {

  private static final Duration OLD_TRANSACTION = Duration.ofMinutes(10);
  private static final Duration OLD_PAUSE = Duration.ofDays(3);

  private Checks() {}

  /**
   * All of them.
   *
   * @param workers those that this process could ask
   */
  static List<Check> with(Workers workers) {
    return List.of(
        new RoleSettings(),
        new SchemaOwners(),
        new UndefinedUpdates(),
        new GivenUpUpdates(),
        new QuarantinedRows(),
        new StaleLeases(),
        new OrphanedExecutions(),
        new DisabledUpdates(),
        new StalePauses(),
        new OldPauses(OLD_PAUSE),
        new InvalidIndexes(),
        new OldTransactions(OLD_TRANSACTION),
        new PreparedTransactions(OLD_TRANSACTION),
        new InactiveSlots(),
        new WorkersGone(workers));
  }
}
