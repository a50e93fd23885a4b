package io.undercurrent.status;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.DefinitionChange;
import io.undercurrent.kind.KeptDefinition;
import io.undercurrent.queue.OtherHolds;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.window.ConfiguredWindows;
import io.undercurrent.window.TimeWindows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds what the job files say about an update; asked again for each start. */
@FunctionalInterface
public interface Definitions extends OtherHolds {

  /** How far ahead an opening is looked for; {@code check} looks farther. */
  Duration NEXT_DAYS = Duration.ofDays(15);

  Optional<DefinedUpdate> find(String updateName);

  /** What holds an update that is not to be found. */
  default Hold missing(QueuedUpdate update) {
    return Hold.of(Kind.UNDEFINED, update.name()).who(update.job());
  }

  /** Whether the file that is to define an update has problems. */
  default boolean isBroken(String job, String updateName) {
    return false;
  }

  /** The windows within which all updates of the database run. */
  default TimeWindows windows() {
    return TimeWindows.ALWAYS;
  }

  /** What holds an update for its definition as it is now. */
  @Override
  default Optional<Hold> hold(QueuedUpdate update) {
    return find(update.name())
        .map(defined -> changed(update, defined))
        .orElseGet(() -> Optional.of(missing(update)));
  }

  @Override
  default Optional<Hold> window(QueuedUpdate update, Supplier<Instant> clock) {
    var ofFile =
        find(update.name())
            .map(defined -> defined.definition().options().windows())
            .orElse(TimeWindows.ALWAYS);
    return window(update.name(), ofFile, clock);
  }

  /**
   * The hold of an update whose windows are not open.
   *
   * @param ofFile those of its job file
   * @param clock asked if there are any
   */
  default Optional<Hold> window(String update, TimeWindows ofFile, Supplier<Instant> clock) {
    if (ofFile.isAlways() && windows().isAlways()) {
      return Optional.empty();
    }
    var now = clock.get();
    return ofFile.isOpen(now) && windows().isOpen(now)
        ? Optional.empty()
        : Optional.of(
            Hold.of(Kind.WINDOW, update)
                .what(words(ofFile))
                .until(ofFile.openFrom(now, windows(), NEXT_DAYS).orElse(null)));
  }

  private String words(TimeWindows ofFile) {
    var words = new ArrayList<String>();
    if (!ofFile.isAlways()) {
      words.add(ofFile.words());
    }
    if (!windows().isAlways()) {
      words.add("%s (%s)".formatted(windows().words(), ConfiguredWindows.PROPERTY));
    }
    return String.join(", and within ", words);
  }

  /** The hold of an update whose run began with another definition. */
  static Optional<Hold> changed(QueuedUpdate update, DefinedUpdate defined) {
    var changes = changes(update, defined);
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Hold.of(Kind.DEFINITION_CHANGED, update.name())
                .who(defined.job().name())
                .what(DefinitionChange.words(changes))
                .count(changes.stream().filter(change -> !change.isAcceptable()).count()));
  }

  /** What an update does otherwise than when its run began. */
  static List<DefinitionChange> changes(QueuedUpdate update, DefinedUpdate defined) {
    var kept = update.definition();
    return kept == null ? List.of() : KeptDefinition.parse(kept).changesTo(kept(defined));
  }

  /** What is kept of a definition. */
  static KeptDefinition kept(DefinedUpdate defined) {
    return KeptDefinition.of(defined.definition(), defined.job().values());
  }

  /** Those of job files. */
  static Definitions of(Jobs jobs) {
    return of(jobs, TimeWindows.ALWAYS);
  }

  /**
   * The same on a database.
   *
   * @param windows within which all of its updates run
   */
  static Definitions of(Jobs jobs, TimeWindows windows) {
    return new Definitions() {
      @Override
      public TimeWindows windows() {
        return windows;
      }

      @Override
      public Optional<DefinedUpdate> find(String updateName) {
        return jobs.definition(updateName);
      }

      @Override
      public Hold missing(QueuedUpdate update) {
        return jobs.brokenJob(update.job(), update.name())
            .map(job -> broken(update.name(), job))
            .orElseGet(
                () ->
                    Definitions.super.missing(update).what(jobs.source(update.job()).orElse(null)));
      }

      @Override
      public boolean isBroken(String job, String updateName) {
        return jobs.brokenJob(job, updateName).isPresent();
      }

      private Hold broken(String update, String job) {
        var problems = jobs.problems(job);
        return Hold.of(Kind.BROKEN_FILE, update)
            .who(job)
            .what(problems.stream().findFirst().orElse(null))
            .count(problems.size());
      }
    };
  }
}
