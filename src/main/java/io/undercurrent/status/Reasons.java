package io.undercurrent.status;

import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.stream.Stream;

/** Chooses among all that holds the updates of a database what answers a question. */
record Reasons(DatabaseStatus status) {

  /** What a status names as the reason that nothing moves, or that a lane does not. */
  Optional<Hold> first() {
    return find(Kind.LOCK_WAIT)
        .or(() -> find(Kind.OVERDUE).filter(lane -> isThere(Kind.MOVING)))
        .or(() -> isThere(Kind.MOVING) ? Optional.empty() : ofAll().or(this::ofUpdates));
  }

  /** A pause of all is said of the update that it keeps from running. */
  private Optional<Hold> ofAll() {
    return status.holds().stream()
        .filter(
            hold ->
                status.updates().isEmpty() ? hold.is(Kind.RUNNER_FAILS) : !hold.is(Kind.ALL_PAUSED))
        .findFirst();
  }

  /** What keeps the iteration under way comes first; what is about to begin is not held. */
  private Optional<Hold> ofUpdates() {
    var iteration = holds().filter(hold -> hold.kind().isOfIteration()).findFirst();
    return iteration.isPresent() || isThere(Kind.TURN)
        ? iteration
        : Stream.concat(ofCurrent(), holds()).filter(hold -> !hold.is(Kind.DEPENDENCY)).findFirst();
  }

  private Stream<Hold> ofCurrent() {
    return status.currentUpdates().stream()
        .flatMap(current -> status.queued(current.name()).stream())
        .flatMap(view -> view.holds().stream());
  }

  /** Why the whole queue does not move, or that it does. */
  Explanation ofQueue() {
    return explanation(isThere(Kind.MOVING), holds().filter(hold -> !hold.is(Kind.DEPENDENCY)));
  }

  /** Why one that is queued does not move, with those that it waits for. */
  Explanation of(String update) {
    var chain = new LinkedHashSet<UpdateView>();
    for (var next = status.queued(update); next.isPresent() && chain.add(next.get()); ) {
      next = status.queued(next.get().queued().dependsOn());
    }
    return explanation(
        chain.stream()
            .limit(1)
            .flatMap(view -> view.holds().stream())
            .anyMatch(hold -> hold.is(Kind.MOVING)),
        chain.stream().flatMap(view -> view.holds().stream()));
  }

  private Explanation explanation(boolean moves, Stream<Hold> ofUpdates) {
    return new Explanation(
        status.database(),
        moves,
        Stream.concat(status.holds().stream(), ofUpdates.filter(hold -> !hold.is(Kind.ALL_PAUSED)))
            .toList());
  }

  private boolean isThere(Kind kind) {
    return find(kind).isPresent();
  }

  private Optional<Hold> find(Kind kind) {
    return holds().filter(hold -> hold.is(kind)).findFirst();
  }

  private Stream<Hold> holds() {
    return status.updates().stream().flatMap(update -> update.holds().stream());
  }
}
