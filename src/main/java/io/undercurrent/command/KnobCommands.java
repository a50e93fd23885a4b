package io.undercurrent.command;

import io.undercurrent.command.Actions.Change;
import io.undercurrent.database.Database;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSetting;
import io.undercurrent.queue.Knobs;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators set of the updates of one database while these are queued. */
final class KnobCommands {

  private static final String FILE = "default";

  private final Database database;
  private final Jobs jobs;
  private final Operator operator;
  private final Knobs knobs;

  KnobCommands(Database database, Jobs jobs, Operator operator) {
    this.database = database;
    this.jobs = jobs;
    this.operator = operator;
    this.knobs = new Knobs(database.jdbc());
  }

  /** The knobs of an update as they stand. */
  List<KnobView> list(String update) {
    var set = database.isPrepared() ? knobs.of(update) : List.<KnobSetting>of();
    var defined = jobs.definition(update).map(DefinedUpdate::definition);
    return Arrays.stream(Knob.values())
        .map(
            knob ->
                new KnobView(
                    knob,
                    defined.map(definition -> ofFile(knob, definition)).orElse(null),
                    set.stream().filter(each -> each.knob() == knob).findFirst().orElse(null)))
        .toList();
  }

  private static String ofFile(Knob knob, UpdateDefinition definition) {
    return switch (knob) {
      case LANES -> String.valueOf(definition.lanes());
    };
  }

  /**
   * Sets a knob of a queued update, from the next iteration on, until its run has ended.
   *
   * @param setting {@code lanes=4}, or {@code lanes=default} for what the job file says
   * @param reason why, or null
   * @return the knob as it stands now
   * @throws RefusedException if the update is not queued, or does not have that
   */
  KnobView set(String update, String setting, @Nullable String reason) {
    var words = setting.split("=", 2);
    var knob = knob(words[0]);
    if (words.length < 2) {
      throw new RefusedException(
          "Expected %s and its value, found '%s'. For example: set %s %s"
              .formatted(knob.word(), setting, update, example(knob)));
    }
    requireQueued(update);
    var value = value(update, knob, words[1]);
    return database
        .transactions()
        .execute(
            status -> {
              var before = view(update, knob);
              if (value.isEmpty()) {
                knobs.clear(update, knob);
              } else {
                knobs.set(update, knob, value.get(), operator.name(), reason);
              }
              var after = view(update, knob);
              new Actions(database.jdbc(), operator)
                  .record(new Change("set", update, before.recorded(), after.recorded(), reason));
              return after;
            });
  }

  private KnobView view(String update, Knob knob) {
    return list(update).stream().filter(view -> view.knob() == knob).findFirst().orElseThrow();
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

  /** Empty for what the job file says. */
  private Optional<String> value(String update, Knob knob, String given) {
    if (given.equals(FILE)) {
      return Optional.empty();
    }
    var value =
        knob.value(given)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "%s: expected %s, or %s for what the job file says, found '%s'"
                            .formatted(knob.word(), knob.expected(), FILE, given)));
    refuseWhatDoesNotGo(update, knob, value);
    return Optional.of(value);
  }

  private void refuseWhatDoesNotGo(String update, Knob knob, String value) {
    var definition =
        jobs.definition(update)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "No job file defines update '%s' any more. Add it back".formatted(update)))
            .definition();
    if (knob == Knob.LANES && !value.equals("1")) {
      definition
          .undivided()
          .ifPresent(
              reason -> {
                throw new RefusedException(
                    "Update '%s' cannot be worked on in %s lanes: %s"
                        .formatted(update, value, reason));
              });
    }
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
