package io.undercurrent.worker;

import io.undercurrent.execution.Wishes;
import io.undercurrent.stop.StopSignal;

/**
 * A slice that a worker is at.
 *
 * @param stepExecution the slice
 * @param wishes what operators wish of its update
 * @param stop stops it
 */
record SliceInHand(long stepExecution, Wishes wishes, StopSignal stop) {}
