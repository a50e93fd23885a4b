package io.undercurrent.shell.view;

import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import io.undercurrent.status.Slice.State;
import java.util.Optional;

/** What a database does at this moment, in one line. */
public final class StatusLine {

  private static final int SHORTEST_NAME = 12;

  private StatusLine() {}

  /** The line, cut in the name rather than in the figures; empty if there is nothing to say. */
  public static Optional<String> of(DatabaseStatus status, Screen screen, HoldSentences sentences) {
    if (status.problem() != null) {
      return Optional.of(status.database() + ": " + status.problem());
    }
    var current = status.current();
    var reason = status.reason(sentences);
    if (current == null) {
      return Optional.ofNullable(reason);
    }
    if (current.state() != UpdateState.RUNNING) {
      return Optional.of(reason == null ? current.name() + ": " + state(current.state()) : reason);
    }
    var most = screen.width() - 1 - SHORTEST_NAME;
    var all = figures(current, items(current));
    var figures = all.length() <= most ? all : figures(current, CountText.items(current));
    var room = Math.max(SHORTEST_NAME, screen.width() - 1 - figures.length());
    return Optional.of(screen.cut(current.name(), room) + figures);
  }

  /** A state as people read it. */
  public static String state(UpdateState state) {
    return switch (state) {
      case DEPENDENCY -> state(UpdateState.WAITING);
      case GIVEN_UP, BACKING_OFF, DEFINITION_CHANGED -> state.json().replace('-', ' ');
      case UNDEFINED,
          CYCLE,
          PAUSED,
          READY,
          DISABLED,
          HELD,
          RUNNING,
          WAITING,
          COMPLETED,
          CANCELLED ->
          state.json();
    };
  }

  /** What an update has counted; nothing is counted before it is committed. */
  static String items(CurrentUpdate current) {
    return current.iterations() == 0 ? "nothing committed yet" : CountText.briefly(current);
  }

  private static String figures(CurrentUpdate current, String items) {
    var build = current.indexBuild();
    return build == null ? chunkFigures(current, items) : "  " + phase(build) + ofJob(current);
  }

  static String phase(IndexBuildView build) {
    if (build.waitsFor() != null) {
      return "%s: %s".formatted(build.words(), build.waitsFor().words());
    }
    return build.done() == null ? build.words() : build.words() + ", " + build.done();
  }

  private static String chunkFigures(CurrentUpdate current, String items) {
    var figures = new StringBuilder();
    var progress = current.progress();
    if (progress != null) {
      figures.append("  ").append(Numbers.percent(progress.percent()));
    }
    figures.append("  ").append(items);
    if (current.itemsPerMs() != null) {
      figures.append("  ").append(Numbers.perMs(current.itemsPerMs()));
    }
    if (current.work().count(State.AT_WORK) > 1) {
      figures.append("  ").append(Numbers.of(current.work().count(State.AT_WORK), "lane"));
    }
    if (progress != null
        && progress.timeLeftAtMost() != null
        && !progress.timeLeftAtMost().isZero()) {
      figures.append("  ").append(Durations.human(progress.timeLeftAtMost())).append(" left");
    }
    return figures.append(ofJob(current)).toString();
  }

  private static String ofJob(CurrentUpdate current) {
    return current.ofJob() == null ? "" : "  " + ProgressText.ofJob(current.ofJob());
  }
}
