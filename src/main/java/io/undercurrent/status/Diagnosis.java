package io.undercurrent.status;

import io.undercurrent.database.Database;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.LeaseRow;
import io.undercurrent.lease.LockWait;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.Pause;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection.Cause;
import io.undercurrent.queue.Selection.Waiting;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import io.undercurrent.status.Explanation.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds out from a database's rows why its updates do not move. */
public final class Diagnosis {

  private final Database database;
  private final Definitions definitions;
  private final LeaseRow lease;
  private final @Nullable String pauseOfAll;
  private final Map<QueuedUpdate, List<Waiting>> queue;
  private final List<Reason> reasons = new ArrayList<>();
  private boolean moves;

  public Diagnosis(Database database, Owner owner, Definitions definitions) {
    this.database = database;
    this.definitions = definitions;
    this.lease = LeaseRow.read(database.jdbc(), owner);
    this.pauseOfAll =
        new Pauses(database)
            .list().stream()
                .filter(pause -> pause.update() == null)
                .findFirst()
                .map(Pause::sentence)
                .orElse(null);
    this.queue =
        new UpdateQueue(database).allHolds(new ExecutionReader(database).runnable(definitions));
  }

  public static Explanation unreachable(String database, String problem) {
    var sentence = problem + ". See which databases answer with: databases";
    return new Explanation(database, false, List.of(new Reason("unreachable", null, sentence)));
  }

  /** Of a database that has nothing of Undercurrent's yet. */
  public static Explanation untouched(String database) {
    return new Explanation(database, false, List.of(empty(database)));
  }

  private static Reason empty(String database) {
    return new Reason(
        "empty",
        null,
        "Nothing is queued on '%s'. Queue a job with: start JOB".formatted(database));
  }

  /** Of the whole queue. */
  public Explanation explain() {
    if (queue.isEmpty()) {
      explainHoldsOfAll();
      reasons.add(empty(database.name()));
      return explanation();
    }
    explainAll();
    queue.keySet().forEach(update -> explain(update, hold -> hold.cause() != Cause.DEPENDENCY));
    return explanation();
  }

  /** Of one update, and of those that it waits for. */
  public Explanation explain(String name) {
    var update = find(name);
    if (update == null) {
      var start =
          definitions.find(name).map(defined -> ". Queue it with: start " + defined.job().name());
      var warning =
          new UpdateQueue(database)
              .lastWarning(name)
              .map(sentence -> ". Its last run was completed with a warning: " + sentence);
      add(
          "not-queued",
          name,
          "is not queued on '%s'%s%s",
          database.name(),
          start.orElse(""),
          warning.orElse(""));
      return explanation();
    }
    explainAll();
    Set<String> seen = new HashSet<>();
    for (@Nullable QueuedUpdate each = update; each != null && seen.add(each.name()); ) {
      explain(each, hold -> true);
      each = each.dependsOn() == null ? null : find(each.dependsOn());
    }
    return new Explanation(database.name(), moves && isMoving(name), List.copyOf(reasons));
  }

  private boolean isMoving(String name) {
    return reasons.stream()
        .anyMatch(reason -> reason.cause().equals("moving") && name.equals(reason.update()));
  }

  private @Nullable QueuedUpdate find(@Nullable String name) {
    return queue.keySet().stream()
        .filter(update -> update.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private Explanation explanation() {
    return new Explanation(database.name(), moves, List.copyOf(reasons));
  }

  /** What holds every update. */
  private void explainAll() {
    if (lease.readOnly() != null) {
      add("read-only", null, "%s", lease.readOnly());
    } else if (lease.runner() == null) {
      add("no-runner", null, "Nobody works the queue off%s. Do it with: run", lastRunner());
    }
    if (lease.trouble() != null) {
      add(Explanation.RUNNER_FAILS, null, "%s", lease.trouble());
    }
    explainHoldsOfAll();
  }

  /** What holds also the updates that are not queued yet. */
  private void explainHoldsOfAll() {
    if (!lease.switchedOn()) {
      add("disabled", null, "Background updates are disabled. Enable them with: resume");
    }
    if (pauseOfAll != null) {
      add("paused", null, "%s", pauseOfAll);
    }
  }

  private String lastRunner() {
    return lease.lastOwner() == null || lease.lastSeen() == null
        ? ""
        : "; %s did, and was seen last at %s".formatted(lease.lastOwner(), at(lease.lastSeen()));
  }

  private boolean holdsAll(Waiting hold) {
    return hold.reason().equals(pauseOfAll);
  }

  private void explain(QueuedUpdate update, Predicate<Waiting> told) {
    var holds = holdsOf(update);
    holds.stream()
        .filter(hold -> !holdsAll(hold) && told.test(hold))
        .forEach(hold -> add(word(hold.cause()), update.name(), "%s", sentence(hold)));
    var build = build(update);
    if (build.isPresent()) {
      // disabling and pausing wait for its end
      explainIteration(update, building(build.get()));
      return;
    }
    if (!holds.isEmpty() || lease.runner() == null || lease.trouble() != null || !lease.enabled()) {
      return;
    }
    var ahead = ahead();
    if (!update.equals(ahead)) {
      add(
          "turn",
          update.name(),
          "waits for its turn; '%1$s' goes first. Hold that with: pause %1$s",
          ahead.name());
    } else if (update.name().equals(lease.currentUpdate())) {
      explainIterations(update);
    } else {
      add("turn", update.name(), "is about to start: the runner looks every half second");
    }
  }

  /** The update that runs, or that goes first; there is one if anything may run. */
  private QueuedUpdate ahead() {
    var free = queue.keySet().stream().filter(update -> holdsOf(update).isEmpty()).toList();
    return free.stream()
        .filter(update -> update.name().equals(lease.currentUpdate()))
        .findFirst()
        .orElseGet(() -> free.get(0));
  }

  private List<Waiting> holdsOf(QueuedUpdate update) {
    return queue.getOrDefault(update, List.of());
  }

  private static String word(Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String sentence(Waiting hold) {
    return switch (hold.cause()) {
      case DEPENDENCY -> "%s, which has to leave the queue first".formatted(hold.reason());
      case BACKING_OFF ->
          "%s. Try it now with: retry %s".formatted(hold.reason(), hold.update().name());
      default -> hold.reason();
    };
  }

  private Optional<IndexBuildView> build(QueuedUpdate update) {
    var definition = definitions.find(update.name()).map(DefinedUpdate::definition).orElse(null);
    return new IndexBuilds(database.jdbc()).of(update, definition, lease);
  }

  private static String building(IndexBuildView build) {
    return "builds %s, which no pause cuts (%s%s)"
        .formatted(
            build.index() == null ? "an index" : build.index(),
            build.phase(),
            build.done() == null ? "" : ", " + build.done());
  }

  private void explainIterations(QueuedUpdate update) {
    var sleepingSince = lease.sleepingSince();
    if (sleepingSince == null) {
      explainIteration(update, null);
    } else {
      add("sleeping", update.name(), "%s", asleep(sleepingSince));
    }
  }

  /**
   * One that is under way.
   *
   * @param building what it does, if it builds an index
   */
  private void explainIteration(QueuedUpdate update, @Nullable String building) {
    var waits = LockWait.find(database.jdbc());
    var doing = building == null ? "" : building + " and ";
    waits.forEach(wait -> add("lock-wait", update.name(), "%s%s", doing, sentence(wait)));
    if (waits.isEmpty()) {
      moves = true;
      add("moving", update.name(), "%s", building == null ? lastIteration(update) : building);
    }
  }

  /** What a long sleep of the controller means. */
  static String asleep(Instant since) {
    return "The controller holds the next iteration back since %s; it goes on when the controller lets it (the built-in one sleeps for undercurrent.background-updates.sleep-duration)"
        .formatted(at(since));
  }

  private static String sentence(LockWait wait) {
    var waits =
        String.format(
            Locale.ROOT,
            "has waited %.1f s for %s",
            wait.waited().toMillis() / 1000.0,
            wait.sentence());
    return wait.pid() == 0
        ? waits + ". Find it in pg_prepared_xacts, and commit it or roll it back"
        : waits
            + ". End that transaction, or its session with: SELECT pg_terminate_backend(%d)"
                .formatted(wait.pid());
  }

  private String lastIteration(QueuedUpdate update) {
    var execution = LastExecution.of(update, database.jdbc()).orElse(null);
    if (execution == null || execution.lastCommit() == null) {
      return "its first iteration since the last start is under way, or about to begin";
    }
    return String.format(
        Locale.ROOT,
        "iteration %,d took %,.0f ms and was committed at %s",
        execution.progress().iterations(),
        execution.progress().lastMs(),
        at(execution.lastCommit()));
  }

  private static Instant at(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  private void add(
      String cause, @Nullable String update, String sentence, @Nullable Object... values) {
    reasons.add(new Reason(cause, update, String.format(Locale.ROOT, sentence, values)));
  }
}
