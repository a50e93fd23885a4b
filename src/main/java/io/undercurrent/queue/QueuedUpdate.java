package io.undercurrent.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
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
 * @param definition what the update did when its run began, as JSON; null if it has not begun, or
 *     was begun by a version that did not keep it
 * @param waitsFor the verb that it waits for an operator to say, or null
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
    @Nullable Instant lastErrorAt,
    @Nullable String definition,
    @Nullable String waitsFor) {

  /** The columns that one is read from, of the tables {@code queued} and {@code runs}. */
  public static final String COLUMNS =
      """
      queued.update_name, queued.depends_on, queued.ordering, runs.run, runs.job_name,
      runs.queued_at, runs.failures_in_row, runs.retry_at, runs.given_up_at,
      runs.last_error, runs.last_error_sqlstate, runs.last_error_at, runs.definition,
      runs.waits_for""";

  public static QueuedUpdate of(ResultSet row, int number) throws SQLException {
    return new QueuedUpdate(
        row.getString("update_name"),
        row.getString("job_name"),
        row.getLong("run"),
        emptyAsNull(row.getString("depends_on")),
        row.getInt("ordering"),
        row.getObject("queued_at", OffsetDateTime.class).toInstant(),
        row.getInt("failures_in_row"),
        UpdateQueue.instant(row, "retry_at"),
        UpdateQueue.instant(row, "given_up_at"),
        row.getString("last_error"),
        row.getString("last_error_sqlstate"),
        UpdateQueue.instant(row, "last_error_at"),
        row.getString("definition"),
        row.getString("waits_for"));
  }

  private static @Nullable String emptyAsNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  public boolean givenUp() {
    return givenUpAt != null;
  }
}
