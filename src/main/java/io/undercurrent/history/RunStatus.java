package io.undercurrent.history;

/**
 * How far a run has come, as its row and Spring Batch's tables say: before its end, the status of
 * its last execution.
 */
public enum RunStatus {
  /** It was never started. */
  QUEUED,

  /** An execution is about to begin. */
  STARTING,

  /** An execution is under way. */
  STARTED,

  /** An execution is about to stop. */
  STOPPING,

  /** Its last execution stopped at a boundary, and goes on later. */
  STOPPED,

  /** Its last execution failed, and is tried again unless the run was given up. */
  FAILED,

  /** Spring Batch was told to leave its last execution alone; nothing here does so. */
  ABANDONED,

  /** Its last execution ended in a way that Spring Batch could not write down. */
  UNKNOWN,

  /** It has ended: all that there was to do is done. */
  COMPLETED,

  /** It has ended: it was taken out of the queue. */
  CANCELLED
}
