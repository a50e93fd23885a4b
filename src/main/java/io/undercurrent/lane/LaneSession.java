package io.undercurrent.lane;

import io.undercurrent.stop.StopSignal;
import org.springframework.batch.core.step.StepExecution;

/** What one lane works in: sessions of its own, which it has as long as it lives. */
public interface LaneSession extends AutoCloseable {

  /**
   * Works on a slice from its position to its end, or to a boundary if it is asked to stop, on the
   * caller's thread.
   *
   * @param slice says afterwards how it ended: its status, and what has failed; the status UNKNOWN
   *     is that of one whose last commit may or may not have happened
   * @param stop asks for the stop
   */
  void work(StepExecution slice, StopSignal stop) throws Exception;

  @Override
  void close();
}
