package io.undercurrent.command;

import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.window.ConfiguredWindows;
import io.undercurrent.window.TimeWindows;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;

/** Looks whether the updates of a job file can run at any time. */
record WindowCheck(JobFile job, Clock clock) {

  /** Clocks are put forward and back within it. */
  private static final Duration YEAR = Duration.ofDays(371);

  /**
   * Warnings, each with file and line.
   *
   * @param ofDatabase the windows within which all updates run
   */
  Stream<String> warnings(TimeWindows ofDatabase) {
    return job.updates().stream()
        .filter(update -> !meet(update.options().windows(), ofDatabase))
        .map(update -> warning(update, ofDatabase));
  }

  private boolean meet(TimeWindows ofFile, TimeWindows ofDatabase) {
    return ofFile.isAlways()
        || ofDatabase.isAlways()
        || ofFile.openFrom(clock.instant(), ofDatabase, YEAR).isPresent();
  }

  private String warning(UpdateDefinition update, TimeWindows ofDatabase) {
    return "%s:%d: update '%s': its windows (%s) and those of %s (%s) are never open at the same time, so it would never run. Change one of them"
        .formatted(
            job.source(),
            update.line(),
            update.name(),
            update.options().windows().words(),
            ConfiguredWindows.PROPERTY,
            ofDatabase.words());
  }
}
