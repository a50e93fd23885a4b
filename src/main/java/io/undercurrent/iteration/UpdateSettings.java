package io.undercurrent.iteration;

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
}
