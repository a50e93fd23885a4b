package io.undercurrent.state;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a queued update is doing, or how it ended.
 *
 * <p>It is derived from what is stored, never stored itself. Where several holds are in force, the
 * state is the first of them in the order of this list; an index build under way is {@link
 * #RUNNING} whatever holds the update, for nothing but {@code cancel --now} cuts it.
 */
public enum UpdateState {
  /** No job file defines it, so there is nothing to run. */
  UNDEFINED,

  /** Its job file says by now that it does something else than what its run began with. */
  DEFINITION_CHANGED,

  /** It depends on itself, through the updates that it depends on. */
  CYCLE,

  /** It failed too often in a row, or with what the next try would find again. */
  GIVEN_UP,

  /** A pause holds it: its own, or the one of all updates. */
  PAUSED,

  /** The update that it depends on is still queued. */
  DEPENDENCY,

  /** It has done what it may do by itself; an operator says when the rest comes. */
  READY,

  /** It failed, and is tried again after a while. */
  BACKING_OFF,

  /** Background updates are switched off on its database. */
  DISABLED,

  /** The database's health holds it, or a time window does; it goes on by itself. */
  HELD,

  /** A runner has it in hand: an iteration is under way, or about to begin. */
  RUNNING,

  /** Nothing holds it; it waits for its turn, or for a runner. */
  WAITING,

  /** It has done all that there was to do, and left the queue. */
  COMPLETED,

  /** It was taken out of the queue; what it had committed stays. */
  CANCELLED;

  /** Every way from one state to another. What holds an update may hide what else does. */
  private static final List<Transition> TRANSITIONS =
      List.of(
          new Transition(
              EnumSet.noneOf(UpdateState.class),
              EnumSet.of(UNDEFINED, CYCLE, PAUSED, DEPENDENCY, DISABLED, HELD, RUNNING, WAITING),
              "it is queued, by start or by SQL; RUNNING where SQL deleted a row that ran"),
          new Transition(
              EnumSet.range(DEFINITION_CHANGED, WAITING),
              EnumSet.of(UNDEFINED),
              "no job file defines it any more, and no execution is under way"),
          new Transition(
              EnumSet.of(UNDEFINED),
              EnumSet.range(DEFINITION_CHANGED, WAITING),
              "a job file defines it again"),
          new Transition(
              EnumSet.range(CYCLE, WAITING),
              EnumSet.of(DEFINITION_CHANGED),
              "its job file has changed, and no execution is under way"),
          new Transition(
              EnumSet.of(DEFINITION_CHANGED),
              EnumSet.range(CYCLE, WAITING),
              "the file is as it was, or an operator accepts the change: retry --accept-change"),
          new Transition(
              EnumSet.range(GIVEN_UP, WAITING),
              EnumSet.of(CYCLE),
              "the update that it depends on is queued, and depends on it; or SQL makes it so"),
          new Transition(
              EnumSet.of(CYCLE),
              EnumSet.range(GIVEN_UP, WAITING),
              "the row of another update of the circle is deleted or changed by SQL"),
          new Transition(
              EnumSet.of(PAUSED, DEPENDENCY, DISABLED, HELD, RUNNING),
              EnumSet.of(GIVEN_UP),
              "the iteration under way fails, for the last time that is tried"),
          new Transition(
              EnumSet.of(GIVEN_UP),
              EnumSet.of(PAUSED, DEPENDENCY, DISABLED, HELD, RUNNING, WAITING),
              "an operator has it tried again: retry, or enabled = true over HTTP"),
          new Transition(
              EnumSet.range(DEPENDENCY, WAITING),
              EnumSet.of(PAUSED),
              "an operator pauses it, or all updates"),
          new Transition(
              EnumSet.of(PAUSED),
              EnumSet.range(DEPENDENCY, WAITING),
              "an operator resumes it, or the pause runs out"),
          new Transition(
              EnumSet.range(READY, WAITING),
              EnumSet.of(DEPENDENCY),
              "the update that it depends on is queued again; or SQL gives it one"),
          new Transition(
              EnumSet.of(DEPENDENCY),
              EnumSet.range(READY, WAITING),
              "the update that it depends on leaves the queue; or SQL takes the dependency away"),
          new Transition(
              EnumSet.of(DISABLED, HELD, RUNNING),
              EnumSet.of(READY),
              "it has done what it may do by itself, as a conversion before its swap"),
          new Transition(
              EnumSet.of(READY),
              EnumSet.of(DISABLED, HELD, RUNNING, WAITING),
              "an operator says what it waits for: swap"),
          new Transition(
              EnumSet.of(DISABLED, HELD, RUNNING),
              EnumSet.of(BACKING_OFF),
              "the iteration under way fails"),
          new Transition(
              EnumSet.of(BACKING_OFF),
              EnumSet.of(DISABLED, HELD, RUNNING, WAITING),
              "its time has come, or an operator says retry"),
          new Transition(
              EnumSet.of(HELD, RUNNING, WAITING),
              EnumSet.of(DISABLED),
              "updates are switched off: enabled = false over HTTP"),
          new Transition(
              EnumSet.of(DISABLED),
              EnumSet.of(HELD, RUNNING, WAITING),
              "updates are switched on, or a process starts where none runs them"),
          new Transition(
              EnumSet.of(RUNNING, WAITING),
              EnumSet.of(HELD),
              "a signal of the database's health passes its threshold, or its time window ends"),
          new Transition(
              EnumSet.of(HELD),
              EnumSet.of(RUNNING, WAITING),
              "the database is well again, or its time window begins; or the runner ends"),
          new Transition(
              EnumSet.of(WAITING), EnumSet.of(RUNNING), "it is its turn, and a runner takes it"),
          new Transition(
              EnumSet.of(RUNNING),
              EnumSet.of(WAITING),
              "its runner ends or loses the lease, or takes another update"),
          new Transition(
              EnumSet.of(CYCLE, PAUSED, DEPENDENCY, DISABLED, HELD, RUNNING),
              EnumSet.of(COMPLETED),
              "the iteration under way was the last one"),
          new Transition(
              EnumSet.range(UNDEFINED, WAITING),
              EnumSet.of(CANCELLED),
              "an operator cancels it or what it depends on, or its row is deleted by SQL"));

  /** Whether an update that is queued may be in it. */
  public boolean isQueued() {
    return this != COMPLETED && this != CANCELLED;
  }

  /** The name in JSON: {@code backing-off}. */
  public String json() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Every way from one state to another, with when it is taken. */
  public static List<Transition> transitions() {
    return TRANSITIONS;
  }

  /**
   * Ways that are taken for the same reason.
   *
   * @param from the states before it; none for an update that was not queued
   * @param to the states after it
   * @param when what has to happen
   */
  public record Transition(Set<UpdateState> from, Set<UpdateState> to, String when) {}
}
