package io.undercurrent.health;

import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a signal holds updates.
 *
 * @param hold above it, no iteration begins until the value is at most 80 % of it; null if the
 *     signal is off
 * @param critical above it, the update is paused for good; null for never
 * @param backOff how long it holds at least
 * @param holdsUnknown whether it holds once it could not be read for a while
 * @param unit of both thresholds
 */
public record Limits(
    @Nullable Double hold,
    @Nullable Double critical,
    Duration backOff,
    boolean holdsUnknown,
    Unit unit) {}
