package io.undercurrent.queue;

import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What holds each update of a queue, as it was at one moment. */
public final class Holds {

  private final Map<String, QueuedUpdate> queued = new LinkedHashMap<>();
  private final List<Pause> pauses;
  private final Supplier<Instant> clock;
  private final OtherHolds others;
  private @Nullable Instant now;

  /**
   * A queue to be looked at.
   *
   * @param updates in queue order
   * @param clock the database's, which is asked once, where an update backs off or has windows
   * @param others what holds an update for what the job files say
   */
  public Holds(
      List<QueuedUpdate> updates, List<Pause> pauses, Supplier<Instant> clock, OtherHolds others) {
    updates.forEach(update -> queued.put(update.name(), update));
    this.pauses = pauses;
    this.clock = clock;
    this.others = others;
  }

  Selection select() {
    var waiting = new ArrayList<Selection.Waiting>();
    Optional<QueuedUpdate> next = Optional.empty();
    for (var update : queued.values()) {
      var holds = of(update);
      if (!holds.isEmpty()) {
        waiting.add(new Selection.Waiting(update, holds));
      } else if (next.isEmpty()) {
        next = Optional.of(update);
      }
    }
    return new Selection(List.copyOf(queued.values()), next, waiting);
  }

  /** What holds an update, in the order of the states; nothing if it may run. */
  public List<Hold> of(QueuedUpdate update) {
    var holds = new ArrayList<Hold>();
    others.hold(update).ifPresent(holds::add);
    var cycle = cycle(update);
    if (!cycle.isEmpty()) {
      holds.add(Hold.of(Kind.CYCLE, update.name()).what(String.join(" → ", cycle)));
    }
    if (update.givenUp()) {
      holds.add(failed(Kind.GIVEN_UP, update).since(update.givenUpAt()));
    }
    pauses.stream()
        .filter(pause -> pause.update() == null || pause.update().equals(update.name()))
        .map(pause -> pause.hold().update(update.name()))
        .forEach(holds::add);
    if (cycle.isEmpty() && update.dependsOn() != null && queued.containsKey(update.dependsOn())) {
      holds.add(Hold.of(Kind.DEPENDENCY, update.name()).who(update.dependsOn()));
    }
    if (update.waitsFor() != null) {
      holds.add(Hold.of(Kind.OPERATOR, update.name()).what(update.waitsFor()));
    }
    var backsOff = backsOff(update);
    if (backsOff.compareTo(Duration.ZERO) > 0) {
      holds.add(failed(Kind.BACKING_OFF, update).until(update.retryAt()).time(backsOff));
    }
    others.window(update, this::now).ifPresent(holds::add);
    return holds;
  }

  private static Hold failed(Kind kind, QueuedUpdate update) {
    return Hold.of(kind, update.name()).count(update.failuresInRow()).what(update.lastError());
  }

  private Duration backsOff(QueuedUpdate update) {
    return update.retryAt() == null ? Duration.ZERO : Duration.between(now(), update.retryAt());
  }

  /** One moment for all of them. */
  private Instant now() {
    if (now == null) {
      now = clock.get();
    }
    return now;
  }

  private List<String> cycle(QueuedUpdate start) {
    var path = new LinkedHashSet<String>();
    @Nullable QueuedUpdate update = start;
    while (update != null && path.add(update.name())) {
      update = update.dependsOn() == null ? null : queued.get(update.dependsOn());
    }
    if (update == null || !update.name().equals(start.name())) {
      return List.of();
    }
    var names = new ArrayList<>(path);
    names.add(start.name());
    return names;
  }
}
