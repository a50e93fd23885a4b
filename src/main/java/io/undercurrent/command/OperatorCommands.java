package io.undercurrent.command;

import io.undercurrent.command.Actions.Change;
import io.undercurrent.database.Database;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.BackOff;
import io.undercurrent.job.JobFile;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.DefinitionChange;
import io.undercurrent.kind.Work;
import io.undercurrent.lease.BuildSessions;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.Pause;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Schedules;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.state.Hold;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.status.Definitions;
import io.undercurrent.status.RunReader;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What one operator changes in one database; each change is recorded in its own transaction. */
final class OperatorCommands {

  /** Lock not available, deadlock. */
  private static final Set<String> LOCKED = Set.of("55P03", "40P01");

  private static final Duration PATIENCE_WITH_LOCKS = Duration.ofMinutes(1);

  private static final String NOT_AGAIN = "%s is not queued again by itself any more.";

  private final Database database;
  private final Jobs jobs;
  private final UpdateQueue queue;
  private final Pauses pauses;
  private final Schedules schedules;
  private final Actions actions;
  private final TimeSource time;
  private final Runnable changed;

  /**
   * The changes of an operator.
   *
   * @param time measures how long it waits for the end of a build
   * @param changed runs after the commit of each
   */
  OperatorCommands(
      Database database, Jobs jobs, Operator operator, TimeSource time, Runnable changed) {
    this.database = database;
    this.jobs = jobs;
    this.queue = new UpdateQueue(database);
    this.pauses = new Pauses(database);
    this.schedules = new Schedules(database.jdbc());
    this.actions = new Actions(database.jdbc(), operator);
    this.time = time;
    this.changed = changed;
  }

  /**
   * Queues a job.
   *
   * @param unchecked why it was not checked before, or null if it was
   */
  List<String> start(JobFile job, @Nullable String unchecked) {
    var updates = updates(job);
    var names = updates.stream().map(NewUpdate::name).toList();
    var after = "queued " + String.join(", ", names) + (unchecked == null ? "" : ", unchecked");
    return inTransaction(
        () -> {
          queue.add(job.name(), updates);
          actions.record(new Change("start", job.name(), null, after, unchecked));
          return names;
        });
  }

  private static List<NewUpdate> updates(JobFile job) {
    return job.updates().stream()
        .map(
            update ->
                new NewUpdate(
                    update.name(), update.dependsOn(), update.ordering(), update.options().every()))
        .toList();
  }

  /** Says early that a job runs: what its check would find then is no mistake of the file. */
  void refuseQueued(JobFile job) {
    queue.refuseQueued(job.name(), updates(job));
  }

  Pause pause(
      @Nullable String update,
      @Nullable String reason,
      String author,
      @Nullable Duration duration) {
    if (update != null) {
      queued(update);
    }
    return inTransaction(
        () -> {
          var before =
              pauses.list().stream()
                  .filter(pause -> Objects.equals(pause.update(), update))
                  .findFirst()
                  .map(Pause::recorded)
                  .orElse(null);
          var pause = pauses.add(update, reason, author, duration);
          actions.record(new Change("pause", update, before, pause.recorded(), reason));
          return pause;
        });
  }

  boolean resume(@Nullable String update) {
    return inTransaction(
        () -> {
          var lifted = pauses.remove(update);
          if (!lifted && update != null) {
            queued(update);
          }
          var enabled = update == null && setEnabled(true);
          if (lifted || enabled) {
            record("resume", update, lifted ? "paused" : "disabled", "enabled");
          }
          return lifted || enabled;
        });
  }

  void enable(boolean enabled) {
    inTransaction(
        () -> {
          if (enabled) {
            queue.list().stream().filter(QueuedUpdate::givenUp).forEach(this::tryAgain);
          }
          var lifted = enabled && pauses.remove(null);
          var changed = setEnabled(enabled);
          var before = changed || lifted ? !enabled : enabled;
          record("enable", null, "" + before, "" + enabled);
          return changed;
        });
  }

  private boolean setEnabled(boolean enabled) {
    return database
            .jdbc()
            .sql("UPDATE undercurrent.lease SET enabled = :enabled WHERE enabled <> :enabled")
            .param("enabled", enabled)
            .update()
        > 0;
  }

  void acceptChange(String update) {
    var queued = queued(update);
    var defined = jobs.definition(update).orElse(null);
    var changes =
        defined == null ? List.<DefinitionChange>of() : Definitions.changes(queued, defined);
    if (defined == null || changes.isEmpty()) {
      throw new RefusedException(
          "The definition of update '%s' on '%s' is the one that its run began with; there is no change to accept"
              .formatted(update, database.name()));
    }
    if (isExecuting(queued)) {
      throw new RefusedException(
          "Update '%1$s' on '%2$s' is executing, with the definition that it began with. Have it stop first, with: pause %1$s"
              .formatted(update, database.name()));
    }
    if (!changes.stream().allMatch(DefinitionChange::isAcceptable)) {
      throw refusal(update, Definitions.changed(queued, defined));
    }
    inTransaction(
        () -> {
          queue.forgetFailures(update, queued.run());
          queue.keep(update, queued.run(), Definitions.kept(defined).json());
          record(
              "retry", update, DefinitionChange.before(changes), DefinitionChange.after(changes));
          return queued;
        });
  }

  private boolean isExecuting(QueuedUpdate queued) {
    return RunReader.last(database.jdbc(), queued.name(), queued.run()).active();
  }

  void retry(String update) {
    var queued = queued(update);
    var changed = jobs.definition(update).flatMap(defined -> Definitions.changed(queued, defined));
    if (changed.isPresent() && !isExecuting(queued)) {
      throw refusal(update, changed);
    }
    if (queued.failuresInRow() == 0 && queued.waitsFor() == null) {
      throw new RefusedException(
          "Update '%s' on '%s' has not failed; there is nothing to retry"
              .formatted(update, database.name()));
    }
    inTransaction(
        () -> {
          tryAgain(queued);
          return queued;
        });
  }

  private RefusedException refusal(String update, Optional<Hold> changed) {
    return new RefusedException(
        "Update '%s' on '%s' cannot be tried again: %s"
            .formatted(
                update,
                database.name(),
                changed.map(hold -> HoldSentences.UTC.of(database.name(), hold)).orElseThrow()));
  }

  private void tryAgain(QueuedUpdate update) {
    queue.forgetFailures(update.name(), update.run());
    queue.goOn(update.name());
    var before = "failures in a row: " + update.failuresInRow();
    record("retry", update.name(), before, "failures in a row: 0");
  }

  /**
   * Does what a run waits for. The lock that it needs is asked for again and again, each time for a
   * moment: the application waits behind it.
   *
   * @return what has been done, in a clause
   */
  String swap(String update) throws InterruptedException {
    var work = requireWaiting(update);
    var begin = time.nanos();
    for (var tries = 1; ; tries++) {
      try {
        return inTransaction(() -> swap(update, work));
      } catch (DataAccessException e) {
        var failure = SqlFailure.of(e);
        if (!LOCKED.contains(String.valueOf(failure.sqlState()))
            || time.since(begin).compareTo(PATIENCE_WITH_LOCKS) > 0) {
          throw new RefusedException(
              "Nothing was swapped after %s: %s. Try again with: swap %s"
                  .formatted(tries == 1 ? "a try" : tries + " tries", failure.sentence(), update),
              e);
        }
        time.sleep(BackOff.moment(tries));
      }
    }
  }

  private Work requireWaiting(String update) {
    var queued = queued(update);
    if (queued.waitsFor() == null) {
      throw new RefusedException(
          "Update '%1$s' on '%2$s' is not ready for a swap. See what it does with: why %1$s"
              .formatted(update, database.name()));
    }
    var defined =
        jobs.definition(update)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "No job file defines update '%s' any more. Add it back".formatted(update)));
    var changed = Definitions.changed(queued, defined);
    if (changed.isPresent()) {
      throw refusal(update, changed);
    }
    return defined.definition().work();
  }

  private String swap(String update, Work work) {
    if (!queue.goOn(update)) {
      throw new RefusedException(
          "Update '%s' on '%s' does not wait any more".formatted(update, database.name()));
    }
    var done = work.swap(database.template());
    record("swap", update, "ready", done);
    return done;
  }

  Cancellation cancel(String update, boolean now) {
    var schedule = schedules.find(update);
    if (schedule.isPresent() && queue.find(update).isEmpty()) {
      return endSchedule(update);
    }
    queued(update);
    var underWay = isBuilding(update);
    if (underWay && !now) {
      throw new RefusedException(
          "Update '%s' on '%s' is %s right now, and no part of it could be kept. Let it finish, or stop it with: cancel %s --now"
              .formatted(update, database.name(), doing(update), update));
    }
    var before = queue.list();
    var cancelled =
        inTransaction(
            () -> {
              var left = queue.cancel(update);
              record("cancel", update, "queued", "cancelled " + String.join(", ", left));
              return left;
            });
    return new Cancellation(
        cancelled,
        Stream.of(
                schedule.map(ended -> NOT_AGAIN.formatted(update)).stream(),
                cancelled.stream()
                    .flatMap(name -> cleared(name, underWay && name.equals(update)).stream()),
                before.stream()
                    .filter(queued -> cancelled.contains(queued.name()))
                    .flatMap(queued -> notCleared(queued).stream()),
                cancelled.stream().flatMap(name -> leftBehind(name).stream()))
            .flatMap(sentences -> sentences)
            .toList());
  }

  private Cancellation endSchedule(String update) {
    inTransaction(
        () -> {
          record("cancel", update, "queued again by itself", "not queued again");
          return schedules.end(List.of(update));
        });
    return new Cancellation(List.of(), List.of(NOT_AGAIN.formatted(update)));
  }

  private String doing(String update) {
    return jobs.definition(update)
            .filter(found -> found.definition().work().builds() == null)
            .isPresent()
        ? "at a statement outside of transactions"
        : "building its index";
  }

  /** What a run has left is looked for by the names that the file has now. */
  private Optional<String> notCleared(QueuedUpdate queued) {
    return jobs.definition(queued.name())
        .flatMap(defined -> Definitions.changed(queued, defined))
        .filter(changed -> changed.count() > 0)
        .map(
            changed ->
                "The file of %s has changed since its run began, %s. Look yourself for what it may have left by the old names: an index, a column, a constraint."
                    .formatted(queued.name(), changed.what()));
  }

  private boolean isBuilding(String update) {
    return new BuildSessions(database.jdbc()).underWay()
        && database
            .jdbc()
            .sql("SELECT current_update IS NOT DISTINCT FROM :update FROM undercurrent.lease")
            .param("update", update)
            .query(Boolean.class)
            .single();
  }

  private Optional<String> cleared(String update, boolean underWay) {
    return jobs.definition(update)
        .map(found -> found.definition().work())
        .flatMap(work -> work.clear(database, underWay, time));
  }

  private Optional<String> leftBehind(String update) {
    return QuarantineCommands.leftBehind(new QuarantineTable(database.jdbc()), update)
        .map(sentence -> sentence + ".");
  }

  private QueuedUpdate queued(String update) {
    return queue
        .find(update)
        .orElseThrow(
            () -> {
              var names = queue.list().stream().map(QueuedUpdate::name).toList();
              return new RefusedException(
                  "Update '%s' is not queued on '%s'%s. See what is with: queue"
                      .formatted(update, database.name(), DidYouMean.hint(update, names)));
            });
  }

  private void record(
      String action, @Nullable String subject, @Nullable String before, String after) {
    actions.record(new Change(action, subject, before, after, null));
  }

  private <T> T inTransaction(Supplier<T> change) {
    return database
        .transactions()
        .execute(
            status -> {
              TransactionSynchronizationManager.registerSynchronization(new Telling(changed));
              return change.get();
            });
  }

  private record Telling(Runnable changed) implements TransactionSynchronization {

    @Override
    public void afterCommit() {
      changed.run();
    }
  }
}
