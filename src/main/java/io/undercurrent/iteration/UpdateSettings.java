package io.undercurrent.iteration;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.failure.QuarantineLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a job file says about an update of any kind that its iterations have to respect. */
public interface UpdateSettings {

  String name();

  /** How long a statement waits for a lock; null for the engine's default. */
  @Nullable Duration lockTimeout();

  /** How long a statement runs; null for the engine's default. */
  @Nullable Duration statementTimeout();

  /**
   * Whether the update wants to see only the rows that row level security shows its role; that it
   * would leave rows out is an error otherwise.
   */
  boolean filtersRows();

  /** What it wants of its chunks in place of what the controller says. */
  BatchSettings batch();

  /** How many rows may be put aside on which it fails; null for none: it stops at the first. */
  @Nullable QuarantineLimit quarantine();
}
