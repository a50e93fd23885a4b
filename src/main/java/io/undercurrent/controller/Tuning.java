package io.undercurrent.controller;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has set of an update's pace while it runs; it wins over the job file and the
 * controller.
 *
 * @param target how long a chunk is to take; null if that is not set
 * @param max how many items a chunk has at most; null if that is not set
 * @param sleep how long to wait before an iteration, in place of the built-in controller's sleep,
 *     or before a module is asked; null if that is not set
 */
public record Tuning(@Nullable Duration target, @Nullable Integer max, @Nullable Duration sleep) {

  /** Nothing is set. */
  public static final Tuning NONE = new Tuning(null, null, null);

  /** The settings of a job file, with what is set in their place. */
  public BatchSettings over(BatchSettings file) {
    return new BatchSettings(
        file.first(),
        file.min(),
        max == null ? file.max() : max,
        target == null ? file.target() : target);
  }
}
