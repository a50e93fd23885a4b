package io.undercurrent.command;

import io.undercurrent.command.Actions.Change;
import io.undercurrent.controller.Controller;
import io.undercurrent.database.Database;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.Knobs;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What operators set of the updates of one database while these are queued. */
final class KnobCommands {

  private static final String FILE = "default";

  private final Database database;
  private final Jobs jobs;
  private final Controller controller;
  private final Operator operator;
  private final Knobs knobs;

  /**
   * Those of an operator.
   *
   * @param controller paces the updates where this process runs them
   */
  KnobCommands(Database database, Jobs jobs, Controller controller, Operator operator) {
    this.database = database;
    this.jobs = jobs;
    this.controller = controller;
    this.operator = operator;
    this.knobs = new Knobs(database.jdbc());
  }

  /** The knobs of an update as they stand. */
  List<KnobView> list(String update) {
    var set = database.isPrepared() ? knobs.of(update) : KnobSettings.NONE;
    var defined = jobs.definition(update).map(DefinedUpdate::definition);
    return Arrays.stream(Knob.values())
        .map(
            knob ->
                new KnobView(
                    knob,
                    defined.map(definition -> otherwise(knob, definition)).orElse(null),
                    defined.isPresent(),
                    set.find(knob).orElse(null)))
        .toList();
  }

  private @Nullable String otherwise(Knob knob, UpdateDefinition definition) {
    var oneShot = definition.work().isOneShot();
    return switch (knob) {
      case LANES -> String.valueOf(definition.lanes());
      case TARGET -> oneShot ? null : text(definition.batch().target(), controller.builtInTarget());
      case MAX -> definition.batch().max() == null ? null : "" + definition.batch().max();
      case SLEEP -> oneShot ? null : text(null, controller.builtInSleep());
    };
  }

  private static @Nullable String text(@Nullable Duration file, @Nullable Duration controller) {
    var duration = file == null ? controller : file;
    return duration == null ? null : Knob.text(duration);
  }

  /**
   * Sets knobs of a queued update, all or none, from the next iteration on, until its run has
   * ended.
   *
   * @param settings such as {@code lanes=4}, or {@code lanes=default} for what holds otherwise
   * @param reason why, or null
   * @return these knobs as they stand now
   * @throws RefusedException if the update is not queued, or does not have one of them
   */
  List<KnobView> set(String update, List<String> settings, @Nullable String reason) {
    var parsed = parsed(update, settings);
    requireQueued(update);
    refuseWhatDoesNotGo(update, parsed);
    return database
        .transactions()
        .execute(
            status -> {
              var before = views(update, parsed.keySet());
              parsed.forEach(
                  (knob, value) ->
                      value.ifPresentOrElse(
                          text -> knobs.set(update, knob, text, operator.name(), reason),
                          () -> knobs.clear(update, knob)));
              var after = views(update, parsed.keySet());
              new Actions(database.jdbc(), operator)
                  .record(new Change("set", update, recorded(before), recorded(after), reason));
              return after;
            });
  }

  /** What is to be set of each knob; nothing to take back what was. */
  private static Map<Knob, Optional<String>> parsed(String update, List<String> settings) {
    var parsed = new LinkedHashMap<Knob, Optional<String>>();
    for (var setting : settings) {
      var words = setting.split("=", 2);
      var knob = knob(words[0]);
      if (words.length < 2) {
        throw new RefusedException(
            "Expected %s and its value, found '%s'. For example: set %s %s"
                .formatted(knob.word(), setting, update, example(knob)));
      }
      if (parsed.put(knob, value(knob, words[1])) != null) {
        throw new RefusedException(
            "Expected %s once, found it twice. Nothing was set".formatted(knob.word()));
      }
    }
    return parsed;
  }

  private List<KnobView> views(String update, Collection<Knob> wanted) {
    return list(update).stream().filter(view -> wanted.contains(view.knob())).toList();
  }

  private static String recorded(List<KnobView> views) {
    return views.stream().map(KnobView::recorded).collect(Collectors.joining(" "));
  }

  private static Knob knob(String word) {
    return Knob.of(word)
        .orElseThrow(
            () ->
                new RefusedException(
                    "Expected %s, found '%s'%s"
                        .formatted(
                            String.join(" or ", Knob.words()),
                            word,
                            DidYouMean.hint(word, Knob.words()))));
  }

  private static String example(Knob knob) {
    return knob.word() + "=" + knob.examples().get(knob.examples().size() / 2);
  }

  /** Empty for what holds otherwise. */
  private static Optional<String> value(Knob knob, String given) {
    if (given.equals(FILE)) {
      return Optional.empty();
    }
    return Optional.of(
        knob.value(given)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "%s: expected %s, or %s for what the job file says, found '%s'"
                            .formatted(knob.word(), knob.expected(), FILE, given))));
  }

  private void refuseWhatDoesNotGo(String update, Map<Knob, Optional<String>> wanted) {
    if (wanted.values().stream().allMatch(Optional::isEmpty)) {
      return;
    }
    var definition =
        jobs.definition(update)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "No job file defines update '%s' any more. Add it back".formatted(update)))
            .definition();
    wanted.forEach(
        (knob, value) ->
            value
                .flatMap(text -> refusal(definition, knob, text))
                .ifPresent(
                    reason -> {
                      throw new RefusedException(reason);
                    }));
  }

  private static Optional<String> refusal(UpdateDefinition definition, Knob knob, String value) {
    if (knob == Knob.LANES) {
      return (value.equals("1") ? Optional.<String>empty() : definition.undivided())
          .map(
              reason ->
                  "Update '%s' cannot be worked on in %s lanes: %s"
                      .formatted(definition.name(), value, reason));
    }
    return definition.work().isOneShot()
        ? Optional.of(
            "Update '%s' has no %s to set: it is done at once, not in chunks"
                .formatted(definition.name(), knob.word()))
        : Optional.empty();
  }

  private void requireQueued(String update) {
    var names = new UpdateQueue(database).list().stream().map(QueuedUpdate::name).toList();
    if (!names.contains(update)) {
      throw new RefusedException(
          "Update '%s' is not queued on '%s'%s. Before it is, its job file says how it runs"
              .formatted(update, database.name(), DidYouMean.hint(update, names)));
    }
  }
}
