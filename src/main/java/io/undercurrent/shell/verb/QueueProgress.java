package io.undercurrent.shell.verb;

import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.history.Run;
import io.undercurrent.shell.screen.ProgressLine;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.EndText;
import io.undercurrent.shell.view.Endings;
import io.undercurrent.shell.view.StatusLine;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.springframework.dao.DataAccessException;

/** The progress of one database's queue: a live line, and a lasting one per run. */
final class QueueProgress {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private final Backend backend;
  private final String database;
  private final Screen screen;
  private final ProgressLine line;
  private final Times times;
  private final Endings endings;
  private final List<String> quarantine = new ArrayList<>();
  private OptionalLong pace = OptionalLong.empty();

  QueueProgress(Backend backend, String database, Screen screen, ProgressLine line, Times times) {
    this.backend = backend;
    this.endings = new Endings(backend, database);
    this.database = database;
    this.screen = screen;
    this.line = line;
    this.times = times;
  }

  /** Notes what is queued: what has ended when it is looked at next is reported. */
  QueueProgress begin() {
    try {
      endings.look();
    } catch (RefusedException | DataAccessException e) {
      // The first look that succeeds is the beginning then.
    }
    return this;
  }

  /**
   * Returns when nothing is left that could still run; a database that goes down is waited for.
   *
   * @throws RefusedException if the database is down from the beginning, or the runner cannot begin
   */
  void untilIdle() throws InterruptedException {
    refuseProblem();
    try {
      do {
        look();
        refuseLastingTrouble();
      } while (!isIdle());
      look();
    } finally {
      line.clear();
    }
  }

  private void refuseProblem() {
    var problem = backend.updates().glance(database).problem();
    if (problem != null) {
      throw new RefusedException(problem);
    }
  }

  private void refuseLastingTrouble() {
    backend
        .updates()
        .lastingTrouble(database)
        .ifPresent(
            trouble -> {
              throw new RefusedException(trouble);
            });
  }

  private boolean isIdle() throws InterruptedException {
    try {
      return backend.updates().awaitIdle(database, BETWEEN_LOOKS);
    } catch (RefusedException | DataAccessException e) {
      passOver(e);
      Thread.sleep(BETWEEN_LOOKS.toMillis());
      return false;
    }
  }

  /** A database that went down may come back. */
  private static void passOver(RuntimeException failure) {
    if (!(failure instanceof DatabaseDownException) && !SqlFailure.of(failure).down()) {
      throw failure;
    }
  }

  /** The pace of what was seen last, in items per second without pauses; empty if none moved. */
  OptionalLong pace() {
    return pace;
  }

  /** The updates that were seen to end with rows in quarantine. */
  List<String> quarantine() {
    return quarantine;
  }

  private void look() {
    var status = backend.updates().status(database);
    status.currentUpdates().stream()
        .map(CurrentUpdate::itemsPerMs)
        .filter(Objects::nonNull)
        .forEach(perMs -> pace = OptionalLong.of(Math.round(perMs * 1000)));
    if (status.problem() == null && tellsWhatLeft()) {
      // What was read before is no news any more.
      return;
    }
    if (status.runner() != null || !backend.running().contains(database)) {
      StatusLine.of(status, screen, times.sentences()).ifPresent(line::show);
    }
  }

  private boolean tellsWhatLeft() {
    try {
      var ended = endings.look().ended();
      ended.forEach(this::tellEnd);
      return !ended.isEmpty();
    } catch (RefusedException | DataAccessException e) {
      passOver(e);
      return false;
    }
  }

  private void tellEnd(Run run) {
    backend.reports(database, run);
    line.end(EndText.of(run));
    if (run.endedWithQuarantine() && run.quarantined() > 0) {
      quarantine.add(run.update());
    }
    if (run.warning() != null) {
      screen.say("Warning: " + run.warning());
    }
  }
}
