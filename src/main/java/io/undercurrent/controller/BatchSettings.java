package io.undercurrent.controller;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a job file says about an update's chunks; what it leaves open is the controller's.
 *
 * @param first the size of the first chunk, in place of {@code default_batch_size}; null if open
 * @param min the least size by the pace, in place of {@code min_batch_size}; null if open
 * @param max the greatest size; null for no limit
 * @param target how long a chunk is to take, in place of what {@code enter} returns; null if open
 */
public record BatchSettings(
    @Nullable Integer first,
    @Nullable Integer min,
    @Nullable Integer max,
    @Nullable Duration target) {

  /** Everything is the controller's. */
  public static final BatchSettings NONE = new BatchSettings(null, null, null, null);
}
