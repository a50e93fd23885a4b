package io.undercurrent.shell.verb;

import io.undercurrent.database.RefusedException;
import io.undercurrent.history.Run;
import io.undercurrent.lease.RunnerView;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.shell.language.WishStandsException;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Stopwatch;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.WaitNotice;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.RunView;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Records what an operator wants, and reports what has come of it. */
public final class ObservedWishes {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** A runner looks at wishes every 400 ms, and at an idle queue every 500 ms. */
  private static final Duration REACTION = Duration.ofSeconds(3);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Backend backend;
  private final Screen screen;
  private final Times times;
  private final Clock clock;
  private final Duration reaction;

  public ObservedWishes(Backend backend, Screen screen, Times times, Clock clock) {
    this(backend, screen, times, clock, REACTION);
  }

  /**
   * Makes an observer of that patience.
   *
   * @param reaction how long a runner may take to see a wish
   */
  public ObservedWishes(
      Backend backend, Screen screen, Times times, Clock clock, Duration reaction) {
    this.reaction = reaction;
    this.backend = backend;
    this.screen = screen;
    this.times = times;
    this.clock = clock;
  }

  /**
   * Pauses one update, or all, and waits for the boundary.
   *
   * @param update the update, or null for all
   * @throws RefusedException if what runs does not get there in time; the pause holds nevertheless
   */
  String pause(
      String database, @Nullable String update, @Nullable String reason, @Nullable Duration time)
      throws InterruptedException {
    var watch = new Stopwatch();
    var running = running(database).filter(current -> isMeant(update, current));
    var pause = backend.updates().pause(database, update, reason, author(), time);
    var until = pause.until() == null ? "" : " until " + times.local(pause.until());
    var paused = "Paused %s on %s%s".formatted(subject(update), database, until);
    if (running.isEmpty()) {
      return paused + (update == null ? "; nothing was running." : "; it was not running.");
    }
    var build = running.get().indexBuild();
    if (build != null) {
      return "%s. %2$s first completes %3$s, which a pause does not cut. Cut it with: cancel %2$s --now"
          .formatted(
              paused,
              running.get().name(),
              build.ofIndex() ? "the index that it builds" : "its statement");
    }
    var standing = paused + ", as soon as the current iteration ends. Lift it with: resume";
    return paused + ": " + stopped(database, running.get(), watch, lift(standing, update)) + ".";
  }

  private static String lift(String sentence, @Nullable String update) {
    return update == null ? sentence : sentence + " " + update;
  }

  /** Pauses all updates; see {@link #pause}. */
  String pauseAll(String database) throws InterruptedException {
    return pause(database, null, null, null);
  }

  private static String author() {
    return System.getProperty("user.name", "console");
  }

  /** Lifts a pause and waits for the next execution. */
  String resume(String database, @Nullable String update) throws InterruptedException {
    var watch = new Stopwatch();
    return backend.updates().resume(database, update)
        ? "Resumed %s on %s. %s"
            .formatted(subject(update), database, moving(database, update, watch))
        : "No pause of %s was found on %s.".formatted(subject(update), database);
  }

  /** Lifts the pause of all. */
  String resumeAll(String database) throws InterruptedException {
    return resume(database, null);
  }

  /**
   * Has an update tried again and waits for its execution.
   *
   * @param acceptChange whether to go on with what its file says now
   */
  String retry(String database, String update, boolean acceptChange) throws InterruptedException {
    var watch = new Stopwatch();
    if (acceptChange) {
      backend.updates().acceptChange(database, update);
    } else {
      backend.updates().retry(database, update);
    }
    return (acceptChange
            ? "Going on with the new definition of %s on %s. %s"
            : "Trying %s on %s again. %s")
        .formatted(update, database, moving(database, update, watch));
  }

  /** Waits for the first of some updates that were queued just now. */
  String started(String database, List<String> updates) throws InterruptedException {
    return moving(database, updates.get(0), new Stopwatch());
  }

  /**
   * Takes an update and what depends on it out of the queue, and waits for the boundary.
   *
   * @param now whether to cut an index build that is under way
   */
  String cancel(String database, String update, boolean now) throws InterruptedException {
    var watch = new Stopwatch();
    var running = running(database);
    var queued = queued(database, update);
    var cancellation = backend.updates().cancel(database, update, now);
    var cancelled = cancellation.updates();
    var stopped = running.filter(current -> cancelled.contains(current.name()));
    var end =
        stopped.isPresent()
            ? " " + sentence(stopped(database, stopped.get(), watch, standing(database, cancelled)))
            : queued
                .flatMap(row -> backend.updates().execution(database, update, row.run()))
                .map(RunView::place)
                .map(position -> " %s ends after key %s.".formatted(update, position))
                .orElse("");
    var told = new ArrayList<String>();
    if (cancelled.isEmpty()) {
      return "On %s, %s".formatted(database, String.join(" ", cancellation.remarks()));
    }
    told.add(
        "Cancelled on %s: %s.%s What was committed stays."
            .formatted(database, String.join(", ", cancelled), end));
    told.addAll(cancellation.remarks());
    return String.join(" ", told);
  }

  private static String standing(String database, List<String> cancelled) {
    return "Cancelled on %s: %s, as soon as the current iteration ends."
        .formatted(database, String.join(", ", cancelled));
  }

  private static String sentence(String clause) {
    return clause + ".";
  }

  private Optional<QueuedUpdate> queued(String database, String update) {
    return backend.updates().queue(database).stream()
        .filter(queued -> queued.name().equals(update))
        .findFirst();
  }

  private static String subject(@Nullable String update) {
    return update == null ? "all updates" : update;
  }

  private static boolean isMeant(@Nullable String update, CurrentUpdate current) {
    return update == null || update.equals(current.name());
  }

  /** The update that a runner has in hand. */
  private Optional<CurrentUpdate> running(String database) {
    return Backend.underWay(backend.updates().status(database));
  }

  private Optional<RunView> execution(String database, CurrentUpdate current) {
    return backend.updates().execution(database, current.name(), current.run());
  }

  /**
   * What became of an update that is to stop, in a clause.
   *
   * @param standing what holds although the wait was interrupted
   */
  private String stopped(String database, CurrentUpdate current, Stopwatch watch, String standing)
      throws InterruptedException {
    var last = ended(database, current, watch, standing);
    if (last.isEmpty()) {
      throw new RefusedException(stillRunning(database, current, watch));
    }
    var took = Durations.human(watch.elapsed());
    if (last.get().completed()) {
      return "%s was completed %s later".formatted(current.name(), took);
    }
    return last.get().place() == null
        ? "%s stopped %s later".formatted(current.name(), took)
        : "%s stopped %s later, after key %s".formatted(current.name(), took, last.get().place());
  }

  private Optional<RunView> ended(
      String database, CurrentUpdate current, Stopwatch watch, String standing)
      throws InterruptedException {
    try {
      return await(
          "Waiting for the end of the iteration",
          patience(current),
          watch,
          () -> execution(database, current).filter(execution -> !execution.active()));
    } catch (InterruptedException e) {
      throw new WishStandsException(standing);
    }
  }

  /** An iteration may be under way that is twice as long as the longest of the last ones. */
  private Duration patience(CurrentUpdate current) {
    var longest =
        current.recentIterations().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    var patience = longest.multipliedBy(2).plus(reaction);
    return patience.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : patience;
  }

  private String stillRunning(String database, CurrentUpdate current, Stopwatch watch) {
    var runner =
        Optional.ofNullable(backend.updates().glance(database).runner())
            .map(RunnerView::owner)
            .orElse("its runner");
    return "Recorded, but %s on %s has not stopped within %s: %s is still in an iteration. It stops when that iteration ends; follow it with: watch. If that process does not respond, end it: its unfinished iteration is rolled back"
        .formatted(current.name(), database, Durations.human(watch.elapsed()), runner);
  }

  /** What an update does, or all, now that it may run, in a sentence. */
  private String moving(String database, @Nullable String update, Stopwatch watch)
      throws InterruptedException {
    return await("Waiting for the runner", reaction, watch, () -> movement(database, update, watch))
        .orElseGet(
            () ->
                "Nothing has moved within %s. See what it does with: status"
                    .formatted(Durations.human(watch.elapsed())));
  }

  /** The sentence, once there is something to say. */
  private Optional<String> movement(String database, @Nullable String update, Stopwatch watch) {
    var status = backend.updates().glance(database);
    if (status.problem() != null) {
      return Optional.of(status.problem());
    }
    if (status.queued() == 0) {
      return Optional.of(update == null ? "Nothing is queued." : done(database, update));
    }
    if (status.runner() == null) {
      return Optional.of("No process runs the updates now. Start one with: run");
    }
    return Backend.underWay(status)
        .map(current -> moves(update, current, watch))
        .or(() -> held(database, update, status));
  }

  private String done(String database, String update) {
    return backend.history(database).runsOf(update, 1).stream()
        .map(Run::warning)
        .filter(Objects::nonNull)
        .findFirst()
        .map(warning -> "%s is done, with a warning: %s".formatted(update, warning))
        .orElse(update + " is done.");
  }

  private static String moves(@Nullable String update, CurrentUpdate current, Stopwatch watch) {
    return isMeant(update, current)
        ? "%s runs, %s later.".formatted(current.name(), Durations.human(watch.elapsed()))
        : "%s waits for its turn; %s runs now.".formatted(update, current.name());
  }

  private Optional<String> held(String database, @Nullable String update, DatabaseStatus status) {
    if (update != null && queued(database, update).isEmpty()) {
      return Optional.of(done(database, update));
    }
    return Optional.ofNullable(status.reason(times.sentences()))
        .map(reason -> "Nothing moves: " + reason);
  }

  /** Looks until there is something to see or patience ends. */
  @SuppressWarnings("try")
  private <T> Optional<T> await(
      String what, Duration patience, Stopwatch watch, Supplier<Optional<T>> look)
      throws InterruptedException {
    try (var waiting = new WaitNotice(screen, clock, what)) {
      var seen = look.get();
      while (seen.isEmpty() && watch.elapsed().compareTo(patience) < 0) {
        Thread.sleep(BETWEEN_LOOKS.toMillis());
        seen = look.get();
      }
      return seen;
    }
  }
}
