package io.undercurrent.queue;

import io.undercurrent.queue.Selection.Cause;
import io.undercurrent.queue.Selection.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What holds each update of a queue, as it was at one moment. */
final class Holds {

  private final String databaseName;
  private final Map<String, QueuedUpdate> queued = new LinkedHashMap<>();
  private final List<Pause> pauses;
  private final Supplier<Instant> clock;
  private final Predicate<QueuedUpdate> defined;

  /**
   * A queue to be looked at.
   *
   * @param updates in queue order
   * @param clock the database's, which is asked where an update backs off
   * @param defined whether a job file defines the update
   */
  Holds(
      String databaseName,
      List<QueuedUpdate> updates,
      List<Pause> pauses,
      Supplier<Instant> clock,
      Predicate<QueuedUpdate> defined) {
    this.databaseName = databaseName;
    updates.forEach(update -> queued.put(update.name(), update));
    this.pauses = pauses;
    this.clock = clock;
    this.defined = defined;
  }

  Map<QueuedUpdate, List<Waiting>> all() {
    var all = new LinkedHashMap<QueuedUpdate, List<Waiting>>();
    queued.values().forEach(update -> all.put(update, of(update)));
    return all;
  }

  Selection select() {
    var waiting = new ArrayList<Waiting>();
    Optional<QueuedUpdate> next = Optional.empty();
    for (var update : queued.values()) {
      var holds = of(update);
      if (!holds.isEmpty()) {
        waiting.add(holds.get(0));
      } else if (next.isEmpty()) {
        next = Optional.of(update);
      }
    }
    return new Selection(List.copyOf(queued.values()), next, waiting);
  }

  private List<Waiting> of(QueuedUpdate update) {
    var holds = new ArrayList<Waiting>();
    if (!defined.test(update)) {
      holds.add(new Waiting(update, Cause.UNDEFINED, undefined(update)));
    }
    var cycle = cycle(update);
    if (!cycle.isEmpty()) {
      var reason =
          "depends on itself: %s. Take one of them out with: cancel %s"
              .formatted(String.join(" → ", cycle), update.name());
      holds.add(new Waiting(update, Cause.CYCLE, reason));
    } else if (update.dependsOn() != null && queued.containsKey(update.dependsOn())) {
      var reason = "waits for '%s'".formatted(update.dependsOn());
      holds.add(new Waiting(update, Cause.DEPENDENCY, reason));
    }
    if (update.givenUp()) {
      var reason =
          "given up after %s: %s. Try again with: retry %s"
              .formatted(failures(update), update.lastError(), update.name());
      holds.add(new Waiting(update, Cause.GIVEN_UP, reason));
    }
    pauses.stream()
        .filter(each -> each.update() == null || each.update().equals(update.name()))
        .map(pause -> new Waiting(update, Cause.PAUSED, pause.sentence()))
        .forEach(holds::add);
    var backsOff = backsOff(update);
    if (backsOff.compareTo(Duration.ZERO) > 0) {
      var reason =
          "tries again in %d s after failure %d: %s"
              .formatted(backsOff.toSeconds() + 1, update.failuresInRow(), update.lastError());
      holds.add(new Waiting(update, Cause.BACKING_OFF, reason));
    }
    return holds;
  }

  private Duration backsOff(QueuedUpdate update) {
    return update.retryAt() == null
        ? Duration.ZERO
        : Duration.between(clock.get(), update.retryAt());
  }

  private static String failures(QueuedUpdate update) {
    return update.failuresInRow() == 1
        ? "a failure"
        : "%d failures in a row".formatted(update.failuresInRow());
  }

  private String undefined(QueuedUpdate update) {
    return "Update '%s' is queued on '%s', but no file in jobs/ defines it. Add the file back, or drop the update with: cancel %s"
        .formatted(update.name(), databaseName, update.name());
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
