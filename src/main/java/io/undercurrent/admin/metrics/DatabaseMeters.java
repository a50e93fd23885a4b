package io.undercurrent.admin.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.undercurrent.admin.metrics.StateClock.State;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import io.undercurrent.queue.Selection.Waiting;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.Measure;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The meters of one database while this process has a runner for it. */
final class DatabaseMeters {

  /** Long enough for the last figures to be fetched, so that names do not add up without end. */
  static final Duration KEPT = Duration.ofMinutes(15);

  private final MeterRegistry registry;
  private final TimeSource time;
  private final QueueMeters queue;
  private final String database;
  private final Map<String, UpdateMeters> updates = new ConcurrentHashMap<>();
  private volatile UpdaterStatus status = UpdaterStatus.NOT_STARTED;
  private volatile OptionalLong leaseRenewed = OptionalLong.empty();

  /**
   * Meters without an update yet.
   *
   * @param serverName the homeserver's name as in the reference's gauge, or empty
   */
  DatabaseMeters(MeterRegistry registry, TimeSource time, String database, String serverName) {
    this.registry = registry;
    this.time = time;
    this.queue = new QueueMeters(registry, time, database);
    this.database = database;
    Gauge.builder("synapse.background.update.status", () -> status.value())
        .description(
            "Background update status: -1 aborted, 0 disabled, 1 not started, 2 running, 3 complete")
        .tags(Tags.of("database_name", database, "server_name", serverName))
        .register(registry);
    Gauge.builder("undercurrent.lease.age", this::leaseAge)
        .description("Time since this process renewed the lease; NaN while it does not hold it")
        .baseUnit("seconds")
        .tags(Tags.of("database", database))
        .register(registry);
    Gauge.builder("undercurrent.lease.held", () -> leaseRenewed.isPresent() ? 1 : 0)
        .description("1 while this process holds the lease, and so runs the updates; else 0")
        .tags(Tags.of("database", database))
        .register(registry);
  }

  private double leaseAge() {
    var renewed = leaseRenewed;
    return renewed.isEmpty() ? Double.NaN : time.since(renewed.getAsLong()).toNanos() / 1e9;
  }

  UpdateMeters update(String name) {
    return updates.computeIfAbsent(name, each -> new UpdateMeters(registry, time, database, each));
  }

  void leaseRenewed() {
    leaseRenewed = OptionalLong.of(time.nanos());
  }

  void leaseGone() {
    leaseRenewed = OptionalLong.empty();
    status = UpdaterStatus.NOT_STARTED;
    updates.values().forEach(update -> update.clock().enter(null));
  }

  void looked(Selection selection, boolean enabled) {
    status = UpdaterStatus.of(selection, enabled);
    var held = held(selection, enabled);
    held.forEach(this::update);
    updates.forEach(
        (name, update) -> update.clock().enter(held.contains(name) ? State.WAITING : null));
  }

  /** Without updates that no job file defines: any name can be queued. */
  private static Set<String> held(Selection selection, boolean enabled) {
    return Stream.concat(
            selection.waiting().stream()
                .filter(waiting -> !waiting.hold().is(Kind.UNDEFINED, Kind.BROKEN_FILE))
                .map(Waiting::update),
            enabled ? Stream.empty() : selection.next().stream())
        .map(QueuedUpdate::name)
        .collect(Collectors.toSet());
  }

  void measured(Measure measure) {
    queue.measured(measure);
  }

  /** The database has been looked at, by no runner. */
  void see(QueueMeters.Sight sight) {
    queue.see(sight);
    if (sight.down()) {
      return;
    }
    var queued =
        sight.status().updates().stream()
            .map(view -> view.queued().name())
            .collect(Collectors.toSet());
    updates
        .entrySet()
        .removeIf(
            update -> {
              if (queued.contains(update.getKey())) {
                update.getValue().isQueued();
              }
              var gone = update.getValue().gone().compareTo(KEPT) > 0;
              if (gone) {
                update.getValue().remove();
              }
              return gone;
            });
  }

  void launched(String update) {
    status = UpdaterStatus.RUNNING_UPDATE;
    update(update).begin();
  }
}
