package io.undercurrent.queue;

import java.time.Instant;

/**
 * An update that is queued again by itself.
 *
 * @param update the update
 * @param job the job that it was started with
 * @param dueAt when it is queued the next time, on the database's clock
 */
public record Schedule(String update, String job, Instant dueAt) {}
