package io.undercurrent.status;

import io.undercurrent.lease.LockWait;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.status.Slice.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What keeps the lanes of a run that is under way, and the sign of life of the others.
 *
 * @param update whose run it is
 * @param now on the database's clock
 */
record LaneHolds(String update, RunView run, Instant now) {

  /** Whose pace is less than that share of the others' is named. */
  private static final double SLOW = 0.5;

  /** Whether a lane has gone on since the controller has held back another. */
  static boolean committedSince(RunView run, Instant since) {
    return run.isCut()
        && run.lanes().stream()
            .map(Lane::lastCommit)
            .filter(Objects::nonNull)
            .anyMatch(since::isBefore);
  }

  List<Hold> holds(List<LockWait> waits) {
    var holds = new ArrayList<>(waiting(waits));
    var overdue = atWork().stream().flatMap(lane -> overdue(lane).stream()).toList();
    if (waits.isEmpty()) {
      holds.addAll(overdue);
    }
    var stuck = waits.isEmpty() ? overdue.size() : sessions(waits);
    if (stuck == 0 || stuck < atWork().size()) {
      holds.add(moving());
    }
    return holds;
  }

  private List<Lane> atWork() {
    return run.lanes().stream().filter(lane -> lane.is(State.AT_WORK)).toList();
  }

  private static int sessions(List<LockWait> waits) {
    return waits.stream().map(LockWait::pid).collect(Collectors.toSet()).size();
  }

  /** One for each session in the way, whose lanes have waited as long as the first of them. */
  private List<Hold> waiting(List<LockWait> waits) {
    var bySession = new LinkedHashMap<Integer, List<LockWait>>();
    waits.forEach(
        wait ->
            bySession.computeIfAbsent(wait.blocker().pid(), pid -> new ArrayList<>()).add(wait));
    return bySession.values().stream().map(this::hold).toList();
  }

  private Hold hold(List<LockWait> waits) {
    var longest = waits.stream().max(Comparator.comparing(LockWait::waited)).orElseThrow();
    return Diagnosis.hold(update, longest)
        .count(sessions(waits))
        .who("%d of %d lanes".formatted(sessions(waits), Math.max(1, atWork().size())));
  }

  private Optional<Hold> overdue(Lane lane) {
    return Diagnosis.overdue(update, lane, now).map(hold -> hold.who(name(lane)));
  }

  private Hold moving() {
    var moving = Hold.of(Kind.MOVING, update).who(lanes());
    return run.lane()
        .filter(lane -> lane.lastCommit() != null)
        .map(
            lane ->
                moving
                    .since(lane.lastCommit())
                    .count(run.iterations())
                    .time(Duration.ofMillis(Math.round(lane.progress().lastMs()))))
        .orElse(moving);
  }

  /** {@code 4 lanes at work, 7 of 16 slices done}. */
  private String lanes() {
    var number = atWork().size();
    return "%d %s at work, %d of %d slices done%s"
        .formatted(
            number,
            number == 1 ? "lane" : "lanes",
            run.count(State.DONE),
            run.slices().size(),
            slowest().orElse(""));
  }

  private Optional<String> slowest() {
    var paced = atWork().stream().filter(lane -> lane.itemsPerMs() != null).toList();
    return paced.stream()
        .min(Comparator.comparing(LaneHolds::pace))
        .filter(slowest -> pace(slowest) < SLOW * others(paced, slowest))
        .map(
            slowest ->
                String.format(
                    Locale.ROOT,
                    " (%s is slow: %.2g items/ms, the others %.2g)",
                    name(slowest),
                    pace(slowest),
                    others(paced, slowest)));
  }

  private static double others(List<Lane> lanes, Lane slowest) {
    return lanes.stream()
        .filter(lane -> lane != slowest)
        .mapToDouble(LaneHolds::pace)
        .average()
        .orElse(0);
  }

  private static double pace(Lane lane) {
    return Objects.requireNonNullElse(lane.itemsPerMs(), 0.0);
  }

  private static String name(Lane lane) {
    return "slice %d".formatted(Objects.requireNonNull(lane.slice()).number());
  }
}
