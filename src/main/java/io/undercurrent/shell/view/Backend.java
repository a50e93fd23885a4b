package io.undercurrent.shell.view;

import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.history.History;
import io.undercurrent.history.Run;
import io.undercurrent.history.RunRecords;
import io.undercurrent.history.RunSamples;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** What verbs talk to. It is made at its first use: help needs no database. */
public final class Backend {

  private final Supplier<BackgroundUpdates> updates;
  private final Supplier<Databases> databases;
  private final Set<String> running = new HashSet<>();
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  public Backend(Supplier<BackgroundUpdates> updates, Supplier<Databases> databases) {
    this.updates = updates;
    this.databases = databases;
  }

  public BackgroundUpdates updates() {
    return updates.get();
  }

  public Databases databases() {
    return databases.get();
  }

  /** The name of the database that is meant, the main one's without a name. */
  public String database(@Nullable String name) {
    return name == null ? databases().names().get(0) : databases().get(name).name();
  }

  /** The names of the databases that are meant, all without a name. */
  public List<String> databases(@Nullable String name) {
    return name == null ? databases().names() : List.of(database(name));
  }

  public History history(String database) {
    return new History(databases().get(database));
  }

  /** All that is on record of a run. */
  public RunRecords records(String database, Run run) {
    return new RunRecords(databases().get(database).jdbc(), run);
  }

  /** What a database's runs have done over time. */
  public RunSamples samples(String database) {
    return new RunSamples(databases().get(database).jdbc());
  }

  /**
   * A run of an update.
   *
   * @param number the run's number, or null for its last run
   * @throws RefusedException if there is none
   */
  public Run run(String database, String update, @Nullable Integer number) {
    updates().requireKnown(database, update);
    var runs = history(database).runsOf(update, number == null ? 1 : Integer.MAX_VALUE);
    if (runs.isEmpty()) {
      throw new RefusedException(
          "Update '%s' has not run on '%s' yet. Start its job with: start JOB"
              .formatted(update, database));
    }
    return runs.stream()
        .filter(run -> number == null || run.number() == number)
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedException(
                    "expected a run of '%1$s' on '%2$s', found none of number %3$d: the last one is %4$d. List them with: history %1$s"
                        .formatted(update, database, number, runs.get(0).number())));
  }

  /** The run that ended last on a database where nothing is under way; empty if none ever did. */
  public Optional<Run> lastEnded(DatabaseStatus status) {
    if (status.problem() != null || status.current() != null) {
      return Optional.empty();
    }
    try {
      return history(status.database()).lastEnded();
    } catch (RefusedException | DataAccessException e) {
      // The next status says why the database cannot be asked.
      return Optional.empty();
    }
  }

  /** Whether the end of a run is still to be reported to the operator; true only once. */
  public boolean reports(String database, Run run) {
    return reported.add("%s %s %d".formatted(database, run.update(), run.number()));
  }

  /** Has this process run a database's updates, from now on. */
  public synchronized void startRunner(String database) {
    if (running.add(database)) {
      updates().startRunner(database);
    }
  }

  /** Whether an update runs here at this moment. */
  public boolean isBusy() {
    return running().stream().map(name -> updates().glance(name)).anyMatch(Backend::isBusy);
  }

  private static boolean isBusy(DatabaseStatus status) {
    return status.runner() != null && status.runner().thisProcess() && underWay(status).isPresent();
  }

  /** The update that a runner has in hand; not one that was given up, or waits for its retry. */
  public static Optional<CurrentUpdate> underWay(DatabaseStatus status) {
    return status.currentUpdates().stream().filter(current -> current.work().active()).findFirst();
  }

  /** The databases whose updates this process runs. */
  public synchronized Set<String> running() {
    return Set.copyOf(running);
  }
}
