package io.undercurrent.shell;

import io.undercurrent.database.Databases;
import io.undercurrent.history.History;
import io.undercurrent.runner.BackgroundUpdates;
import io.undercurrent.runner.DatabaseStatus;
import io.undercurrent.runner.DatabaseStatus.CurrentUpdate;
import io.undercurrent.runner.ExecutionView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What verbs talk to. It is made at its first use: help needs no database. */
final class Backend {

  private final Supplier<BackgroundUpdates> updates;
  private final Supplier<Databases> databases;
  private final Set<String> running = new HashSet<>();

  Backend(Supplier<BackgroundUpdates> updates, Supplier<Databases> databases) {
    this.updates = updates;
    this.databases = databases;
  }

  BackgroundUpdates updates() {
    return updates.get();
  }

  Databases databases() {
    return databases.get();
  }

  /** The name of the database that is meant, the main one's without a name. */
  String database(@Nullable String name) {
    return name == null ? databases().names().get(0) : databases().get(name).name();
  }

  /** The names of the databases that are meant, all without a name. */
  List<String> databases(@Nullable String name) {
    return name == null ? databases().names() : List.of(database(name));
  }

  History history(String database) {
    return new History(databases().get(database));
  }

  /** Has this process work a database's queue off, from now on. */
  synchronized void startRunner(String database) {
    if (running.add(database)) {
      updates().startRunner(database);
    }
  }

  /** Whether an update runs here at this moment. */
  boolean isBusy() {
    return running().stream().map(name -> updates().glance(name)).anyMatch(this::isBusy);
  }

  private boolean isBusy(DatabaseStatus status) {
    return status.runner() != null && status.runner().thisProcess() && underWay(status).isPresent();
  }

  /** The update that a runner has in hand; not one that was given up, or waits for its retry. */
  Optional<CurrentUpdate> underWay(DatabaseStatus status) {
    return status.currentUpdates().stream()
        .filter(current -> status.runner() != null)
        .filter(current -> isActive(status.database(), current))
        .findFirst();
  }

  private boolean isActive(String database, CurrentUpdate current) {
    return updates()
        .execution(database, current.name(), current.run())
        .filter(ExecutionView::active)
        .isPresent();
  }

  /** The databases whose queues this process works off. */
  synchronized Set<String> running() {
    return Set.copyOf(running);
  }
}
