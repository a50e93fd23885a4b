package io.undercurrent.doctor;

import java.time.Duration;
import java.util.List;

/** All checks, in the order in which they are made. */
final class Checks {

  private static final Duration OLD_TRANSACTION = Duration.ofMinutes(10);
  private static final Duration OLD_PAUSE = Duration.ofDays(3);

  static final List<Check> ALL =
      List.of(
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
          new InactiveSlots());

  private Checks() {}
}
