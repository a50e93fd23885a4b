package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.state.UpdateState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an update has to be in after each command, as far as its operators decide: whether it is
 * queued and whether it is paused. Commands come from several consoles, one at a time.
 */
final class CommandModel {

  private static final Set<UpdateState> FREE =
      EnumSet.of(UpdateState.RUNNING, UpdateState.WAITING, UpdateState.BACKING_OFF);

  private enum Command {
    START,
    PAUSE,
    PAUSE_ALL,
    RESUME,
    RESUME_ALL,
    CANCEL,
    RETRY,
    KILL
  }

  private final String update;
  private final Scene scene;
  private final Map<Command, Integer> counts = new TreeMap<>();
  private boolean queued;
  private boolean paused;
  private boolean allPaused;
  private UpdateState before = UpdateState.CANCELLED;

  /** A model of an update that was never started. */
  CommandModel(String update, Scene scene) {
    this.update = update;
    this.scene = scene;
  }

  /** Has a console do something, and asserts that it ends as it has to. */
  synchronized void doSomething(Console console, Random random) {
    var command = Command.values()[random.nextInt(Command.values().length)];
    if (command == Command.KILL && random.nextInt(4) > 0) {
      command = Command.START;
    }
    counts.merge(command, 1, Integer::sum);
    var succeeds = succeeds(command);
    if (command == Command.KILL) {
      kill();
    } else {
      var line = line(command);
      assertThat(console.perform(line))
          .as(
              "%s when queued %s, paused %s, all paused %s: %s",
              line, queued, paused, allPaused, console.said())
          .isEqualTo(succeeds ? 0 : 1);
    }
    if (succeeds) {
      happened(command);
    }
    look(console, command);
  }

  private boolean succeeds(Command command) {
    return switch (command) {
      case START -> !queued;
      case PAUSE, CANCEL -> queued;
      case RESUME -> queued || paused;
      case RETRY -> false;
      case PAUSE_ALL, RESUME_ALL, KILL -> true;
    };
  }

  private String line(Command command) {
    return switch (command) {
      case START -> "start " + update;
      case PAUSE -> "pause " + update;
      case PAUSE_ALL -> "pause";
      case RESUME -> "resume " + update;
      case RESUME_ALL -> "resume";
      case CANCEL -> "cancel --yes " + update;
      case RETRY, KILL -> "retry " + update;
    };
  }

  private void happened(Command command) {
    switch (command) {
      case START -> queued = true;
      case CANCEL -> {
        queued = false;
        // its pause goes with it
        paused = false;
      }
      case PAUSE -> paused = true;
      case RESUME -> paused = false;
      case PAUSE_ALL -> allPaused = true;
      case RESUME_ALL -> allPaused = false;
      case RETRY, KILL -> {}
    }
  }

  private void kill() {
    try {
      scene.undercurrent.kill();
      scene.undercurrent.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asserts that the state is one of those that it may be in, and that there is a way to it. */
  private void look(Console console, Command command) {
    var state = console.state(update);
    if (!queued) {
      assertThat(state).as("after %s", command).isIn(UpdateState.CANCELLED, UpdateState.COMPLETED);
    } else if (paused || allPaused) {
      assertThat(state).as("after %s", command).isEqualTo(UpdateState.PAUSED);
    } else {
      assertThat(state).as("after %s", command).isIn(FREE);
    }
    assertThat(reachable(before)).as("ways from %s", before).contains(state);
    before = state;
  }

  /** A command and what a runner does about it are several ways, one after the other. */
  private static Set<UpdateState> reachable(UpdateState from) {
    var reached = EnumSet.of(from);
    for (var step = 0; step < 3; step++) {
      var next = EnumSet.copyOf(reached);
      for (var way : UpdateState.transitions()) {
        var isNew = way.from().isEmpty() && reached.stream().anyMatch(state -> !state.isQueued());
        if (isNew || way.from().stream().anyMatch(reached::contains)) {
          next.addAll(way.to());
        }
      }
      reached = next;
    }
    return reached;
  }

  /** Lets everything run to its end. */
  synchronized void letGo(Console console) {
    console.perform("resume " + update);
    console.perform("resume");
  }

  Map<Command, Integer> counts() {
    return counts;
  }
}
