package io.undercurrent.status;

import org.jspecify.annotations.Nullable;

/**
 * What became of a run so far, as its last execution tells.
 *
 * @param active whether a runner has it in hand: an iteration is under way, or waits for the
 *     controller
 * @param completed whether it has done all there was to do
 * @param position the key of the last row that it has committed, or null where there is none
 */
public record ExecutionView(boolean active, boolean completed, @Nullable String position) {}
