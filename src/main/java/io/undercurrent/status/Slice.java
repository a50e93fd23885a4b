package io.undercurrent.status;

import java.util.Locale;

/**
 * The part of a run's keys that one of its step executions works on.
 *
 * @param number from 1, in the order of the key
 * @param state how far it has come
 */
public record Slice(int number, State state) {

  /** What becomes of a slice. */
  public enum State {
    /** A lane works on it, or waits for the controller. */
    AT_WORK,
    /** It has begun, and waits for a lane: fewer are wanted by now. */
    HELD,
    /** It has begun, and its execution was stopped, or died. */
    STOPPED,
    /** Its execution failed; the next one takes it up. */
    FAILED,
    /** No lane has got to it yet. */
    WAITING,
    /** All of it is done. */
    DONE;

    /** Of Spring Batch's status. */
    static State of(String status, boolean active, boolean begun) {
      return switch (status) {
        case "COMPLETED" -> DONE;
        case "FAILED", "UNKNOWN", "ABANDONED" -> FAILED;
        case "STARTED", "STOPPING" -> active ? AT_WORK : STOPPED;
        default -> begun ? STOPPED : WAITING;
      };
    }

    /** The name in JSON: {@code at-work}. */
    public String json() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As people read it. */
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
