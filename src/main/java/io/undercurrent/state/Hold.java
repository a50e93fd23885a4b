package io.undercurrent.state;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why an update, or a whole queue, does not move; {@link Kind} says which of the fields it has.
 *
 * @param kind what sort of hold it is
 * @param update the update that it holds, or null if all
 * @param since since when it does
 * @param until when it ends by itself
 * @param who whose doing it is: a pause's author, a process, another update
 * @param what what is said about it: a pause's reason, an error, a table
 * @param count how often something happened
 * @param time how long something took, or has yet to take
 * @param blocker the session in the way
 * @param measure what was measured, of a brake
 */
public record Hold(
    Kind kind,
    @Nullable String update,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable String who,
    @Nullable String what,
    long count,
    @Nullable Duration time,
    @Nullable Blocker blocker,
    @Nullable Measure measure) {

  /** A hold of all updates. */
  public static Hold of(Kind kind) {
    return new Hold(kind, null, null, null, null, null, 0, null, null, null);
  }

  /** A hold of one update. */
  public static Hold of(Kind kind, String update) {
    return of(kind).update(update);
  }

  public Hold update(@Nullable String held) {
    return new Hold(kind, held, since, until, who, what, count, time, blocker, measure);
  }

  public Hold since(@Nullable Instant begin) {
    return new Hold(kind, update, begin, until, who, what, count, time, blocker, measure);
  }

  public Hold until(@Nullable Instant end) {
    return new Hold(kind, update, since, end, who, what, count, time, blocker, measure);
  }

  public Hold who(@Nullable String author) {
    return new Hold(kind, update, since, until, author, what, count, time, blocker, measure);
  }

  public Hold what(@Nullable String subject) {
    return new Hold(kind, update, since, until, who, subject, count, time, blocker, measure);
  }

  public Hold count(long times) {
    return new Hold(kind, update, since, until, who, what, times, time, blocker, measure);
  }

  public Hold time(@Nullable Duration duration) {
    return new Hold(kind, update, since, until, who, what, count, duration, blocker, measure);
  }

  public Hold blocker(@Nullable Blocker session) {
    return new Hold(kind, update, since, until, who, what, count, time, session, measure);
  }

  public Hold measure(@Nullable Measure figures) {
    return new Hold(kind, update, since, until, who, what, count, time, blocker, figures);
  }

  /** Whether this is of one of some kinds. */
  public boolean is(Kind... kinds) {
    return List.of(kinds).contains(kind);
  }

  /** The sorts of holds; whatever holds all comes before what holds one update. */
  public enum Kind {
    /** The database cannot be asked: {@code what} says why. */
    UNREACHABLE,

    /** Nothing is queued. */
    EMPTY,

    /**
     * The update is not queued, until it is queued again by itself if it is; {@code who} is its
     * job, {@code what} its last run's warning.
     */
    NOT_QUEUED,

    /** The server takes no writes: {@code what} says why. */
    READ_ONLY,

    /** No process runs the updates; {@code who} did, last seen at {@code since}. */
    NO_RUNNER,

    /** A runner cannot begin: {@code what} says why; {@code since} if another process noted it. */
    RUNNER_FAILS,

    /** Updates are switched off. */
    DISABLED(UpdateState.DISABLED),

    /** A pause of all, by {@code who}, for {@code what}. */
    ALL_PAUSED(UpdateState.PAUSED),

    /** No job file defines the update; {@code what} is the file of its job {@code who}, if any. */
    UNDEFINED(UpdateState.UNDEFINED),

    /**
     * The file of job {@code who}, which is to define the update, has {@code count} problems, the
     * first one {@code what}.
     */
    BROKEN_FILE(UpdateState.UNDEFINED),

    /**
     * The update does something else by now than what its run began with: {@code what} says which
     * part of it, {@code who} is its job. Of the changes, {@code count} are such that no run goes
     * on with them.
     */
    DEFINITION_CHANGED(UpdateState.DEFINITION_CHANGED),

    /** The update depends on itself: {@code what} is the way round. */
    CYCLE(UpdateState.CYCLE),

    /** The update was given up after {@code count} failures in a row, the last one {@code what}. */
    GIVEN_UP(UpdateState.GIVEN_UP),

    /** A pause of the update, by {@code who}, for {@code what}. */
    PAUSED(UpdateState.PAUSED),

    /** The update waits for {@code who} to leave the queue. */
    DEPENDENCY(UpdateState.DEPENDENCY),

    /** The update has done what it may do by itself, and waits until somebody says {@code what}. */
    OPERATOR(UpdateState.READY),

    /** The update is tried again in {@code time}, after failure {@code count}, {@code what}. */
    BACKING_OFF(UpdateState.BACKING_OFF),

    /**
     * The update runs within time windows only, {@code what}; the next one begins at {@code until}.
     */
    WINDOW(UpdateState.HELD),

    /** The update waits until {@code who} is done; without one it is about to start. */
    TURN,

    /**
     * The database's health holds back the next iteration: {@code measure} says which signal,
     * {@code what} why where there is no figure.
     */
    BRAKE(true),

    /** The controller has held back the next iteration since then; those of {@code count} lanes. */
    SLEEPING(true),

    /**
     * The iteration has waited {@code time} for a lock on {@code what}, for {@code blocker}; of a
     * run in several lanes, {@code count} iterations, those of the lanes {@code who}.
     */
    LOCK_WAIT(true),

    /**
     * The iteration has committed nothing since then; the longest of the last ones took {@code
     * time}. It is that of the slice {@code who}, if there are several.
     */
    OVERDUE(true),

    /**
     * No hold, but the sign of life in its place: iteration {@code count} took {@code time} and was
     * committed at {@code since}; or {@code what} is being built. The lanes are {@code who}, if
     * there are several.
     */
    MOVING;

    private final @Nullable UpdateState state;
    private final boolean ofIteration;

    Kind() {
      this(false);
    }

    Kind(boolean ofIteration) {
      this.state = null;
      this.ofIteration = ofIteration;
    }

    Kind(UpdateState state) {
      this.state = state;
      this.ofIteration = false;
    }

    /**
     * Whether it is the iteration that does not get on, of the update that a runner has in hand.
     */
    public boolean isOfIteration() {
      return ofIteration;
    }

    /** The state of an update that is held so; none if it may run as far as this goes. */
    public Optional<UpdateState> state() {
      return Optional.ofNullable(state);
    }

    /** The name in JSON: {@code lock-wait}; a pause is one whatever it pauses. */
    public String json() {
      return this == ALL_PAUSED ? PAUSED.json() : name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
