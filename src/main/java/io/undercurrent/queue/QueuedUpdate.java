package io.undercurrent.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the queue with its open run.
 *
 * @param name the update
 * @param job the job that queued it
 * @param run the run's number, which identifies its Spring Batch job instance
 * @param dependsOn the update that has to leave the queue first, or null
 * @param ordering lower goes first
 * @param queuedAt when it was queued
 * @param failuresInRow how many iterations failed since the last success
 * @param retryAt when it is tried again after a failure, or null
 * @param givenUpAt since when it is given up, or null
 * @param lastError the last failure in words, or null
 * @param lastErrorSqlState its SQLSTATE, or null
 * @param lastErrorAt when it happened, or null
 */
public record QueuedUpdate(
    String name,
    String job,
    long run,
    @Nullable String dependsOn,
    int ordering,
    Instant queuedAt,
    int failuresInRow,
    @Nullable Instant retryAt,
    @Nullable Instant givenUpAt,
    @Nullable String lastError,
    @Nullable String lastErrorSqlState,
    @Nullable Instant lastErrorAt) {

  public boolean givenUp() {
    return givenUpAt != null;
  }
}
