package io.undercurrent.status;

import io.undercurrent.lease.LockWait;
import io.undercurrent.queue.Holds;
import io.undercurrent.queue.OtherHolds;
import io.undercurrent.queue.Pause;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import io.undercurrent.status.Slice.State;
import io.undercurrent.status.Snapshot.QueuedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out from a snapshot in which state its updates are, and what holds them. */
final class Diagnosis {

  /** An iteration may take so much longer than the last ones before that is worth a word. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final int MANY = 20;

  private final Snapshot seen;
  private final Map<QueuedUpdate, List<Hold>> queue = new LinkedHashMap<>();

  Diagnosis(Snapshot seen, Definitions definitions) {
    this.seen = seen;
    var holds =
        new Holds(
            seen.updates(),
            seen.pauses(),
            seen::at,
            new OtherHolds() {

              @Override
              public Optional<Hold> hold(QueuedUpdate update) {
                return isActive(update) ? Optional.empty() : definitions.hold(update);
              }

              @Override
              public Optional<Hold> window(QueuedUpdate update, Supplier<Instant> clock) {
                return definitions.window(update, clock);
              }
            });
    seen.updates().forEach(update -> queue.put(update, holds.of(update)));
  }

  /** An execution under way does what a file said when it began. */
  private boolean isActive(QueuedUpdate update) {
    return seen.find(update.name()).filter(queued -> queued.run().active()).isPresent();
  }

  private boolean mayRun(QueuedUpdate update) {
    return holdsOf(update).isEmpty()
        && seen.lease().runner() != null
        && seen.lease().trouble() == null
        && seen.lease().switchedOn();
  }

  private List<Hold> holdsOf(QueuedUpdate update) {
    return queue.getOrDefault(update, List.of());
  }

  private boolean isInHand(QueuedUpdate update) {
    return seen.inHand().filter(queued -> queued.update().equals(update)).isPresent();
  }

  /**
   * The update to look at: the one that was run last, whether it runs or is held, else the one that
   * a runner is about to take, else one that has begun and could not go on.
   */
  Optional<QueuedRun> current() {
    return seen.find(seen.lease().currentUpdate())
        .filter(queued -> queued.run().begun())
        .or(this::aboutToBegin)
        .or(() -> seen.queue().stream().filter(queued -> queued.run().begun()).findFirst());
  }

  private Optional<QueuedRun> aboutToBegin() {
    return seen.lease().runner() != null && seen.lease().enabled()
        ? seen.queue().stream().filter(queued -> holdsOf(queued.update()).isEmpty()).findFirst()
        : Optional.empty();
  }

  UpdateState state(QueuedUpdate update, @Nullable IndexBuildView build) {
    if (build != null && isInHand(update)) {
      return UpdateState.RUNNING;
    }
    return Stream.concat(
            holdsOf(update).stream().flatMap(hold -> hold.kind().state().stream()),
            Stream.of(unheld(update)))
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private UpdateState unheld(QueuedUpdate update) {
    if (!seen.lease().switchedOn()) {
      return UpdateState.DISABLED;
    }
    if (!isInHand(update)) {
      return UpdateState.WAITING;
    }
    return seen.brakes().isEmpty() ? UpdateState.RUNNING : UpdateState.HELD;
  }

  /** What holds all that is queued, in the order in which it is to be lifted. */
  List<Hold> ofAll() {
    var lease = seen.lease();
    var holds = new ArrayList<Hold>();
    if (!queue.isEmpty()) {
      if (lease.readOnly() != null) {
        holds.add(Hold.of(Kind.READ_ONLY).what(lease.readOnly()));
      }
      if (lease.trouble() != null) {
        holds.add(Hold.of(Kind.RUNNER_FAILS).what(lease.trouble()).since(lease.troubleAt()));
      }
      if (lease.readOnly() == null && lease.runner() == null) {
        holds.add(Hold.of(Kind.NO_RUNNER).who(lease.lastOwner()).since(lease.lastSeen()));
      }
    }
    if (!lease.switchedOn()) {
      holds.add(Hold.of(Kind.DISABLED));
    }
    seen.pauses().stream()
        .filter(pause -> pause.update() == null)
        .map(Pause::hold)
        .forEach(holds::add);
    if (queue.isEmpty()) {
      holds.add(Hold.of(Kind.EMPTY));
    }
    return holds;
  }

  /** What holds one update, or its sign of life. */
  List<Hold> of(QueuedRun queued, @Nullable IndexBuildView build) {
    var update = queued.update();
    var holds = new ArrayList<>(holdsOf(update));
    if (build != null && isInHand(update)) {
      // disabling and pausing wait for its end
      holds.addAll(iteration(queued, building(build)));
    } else if (mayRun(update)) {
      holds.addAll(turn(queued));
    }
    return holds;
  }

  private List<Hold> turn(QueuedRun queued) {
    var name = queued.update().name();
    var ahead = ahead();
    if (!queued.update().equals(ahead)) {
      return List.of(Hold.of(Kind.TURN, name).who(ahead.name()));
    }
    if (!isInHand(queued.update())) {
      return List.of(Hold.of(Kind.TURN, name));
    }
    if (!seen.brakes().isEmpty()) {
      return braked(name);
    }
    var sleepingSince = seen.lease().sleepingSince();
    return sleepingSince == null || LaneHolds.committedSince(queued.run(), sleepingSince)
        ? iteration(queued, null)
        : List.of(
            Hold.of(Kind.SLEEPING, name)
                .since(sleepingSince)
                .count(queued.run().count(State.AT_WORK)));
  }

  /** An iteration that has begun before may wait for a lock meanwhile. */
  private List<Hold> braked(String name) {
    return Stream.concat(
            seen.brakes().stream().map(brake -> brake.update(name)),
            seen.waits().stream().map(wait -> hold(name, wait)))
        .toList();
  }

  /** The update that runs, or that goes first; there is one if anything may run. */
  private QueuedUpdate ahead() {
    var free = queue.keySet().stream().filter(update -> holdsOf(update).isEmpty()).toList();
    return free.stream().filter(this::isInHand).findFirst().orElseGet(() -> free.get(0));
  }

  /**
   * One that is under way.
   *
   * @param building what it does, if that is outside of transactions
   */
  private List<Hold> iteration(QueuedRun queued, @Nullable String building) {
    var name = queued.update().name();
    if (queued.run().isCut()) {
      return new LaneHolds(name, queued.run(), seen.at()).holds(seen.waits());
    }
    if (!seen.waits().isEmpty()) {
      return seen.waits().stream().map(wait -> hold(name, wait).who(building)).toList();
    }
    return List.of(
        queued
            .run()
            .lane()
            .flatMap(lane -> overdue(name, lane, seen.at()))
            .filter(hold -> building == null)
            .orElseGet(() -> moving(queued).what(building)));
  }

  private static Hold moving(QueuedRun queued) {
    var moving = Hold.of(Kind.MOVING, queued.update().name());
    return queued
        .run()
        .lane()
        .map(
            lane ->
                moving
                    .since(lane.lastCommit())
                    .count(lane.progress().iterations())
                    .time(Duration.ofMillis(Math.round(lane.progress().lastMs()))))
        .orElse(moving);
  }

  /** As where a commit waits for a standby, which no timeout ends. */
  static Optional<Hold> overdue(String update, Lane lane, Instant now) {
    var longest =
        lane.recentIterations().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    var patience = longest.multipliedBy(MANY).plus(LONG);
    return Optional.ofNullable(lane.lastCommit())
        .filter(commit -> commit.plus(patience).isBefore(now))
        .map(commit -> Hold.of(Kind.OVERDUE, update).since(commit).time(longest));
  }

  static Hold hold(String update, LockWait wait) {
    return Hold.of(Kind.LOCK_WAIT, update)
        .what(wait.relation())
        .time(wait.waited())
        .blocker(wait.blocker());
  }

  private static String building(IndexBuildView build) {
    if (!build.ofIndex()) {
      return "is at a statement that no pause cuts (%s)".formatted(build.phase());
    }
    return "builds %s, which no pause cuts (%s%s)"
        .formatted(
            build.index() == null ? "an index" : build.index(),
            build.words(),
            build.done() == null ? "" : ", " + build.done());
  }
}
