package io.undercurrent.admin.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.queue.Selection;
import io.undercurrent.state.Measure;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Turns what this process's runners do into its metrics and its availability. */
public final class UpdateMetrics implements RunnerListener {

  private final MeterRegistry registry;
  private final Availability availability;
  private final String serverName;
  private final TimeSource time;
  private final Map<String, DatabaseMeters> databases = new ConcurrentHashMap<>();

  public UpdateMetrics(
      MeterRegistry registry, Availability availability, String serverName, TimeSource time) {
    this.registry = registry;
    this.availability = availability;
    this.serverName = serverName;
    this.time = time;
  }

  private DatabaseMeters database(String name) {
    return databases.computeIfAbsent(
        name, each -> new DatabaseMeters(registry, time, each, serverName));
  }

  /** A database has been looked at, by no runner. */
  void see(QueueMeters.Sight sight) {
    database(sight.status().database()).see(sight);
  }

  @Override
  public void began(String database) {
    database(database);
    availability.runnersBegan();
  }

  @Override
  public void ended(String database, boolean stopped) {
    if (!stopped) {
      availability.runnerBroke();
    }
  }

  @Override
  public void leaseRenewed(String database) {
    database(database).leaseRenewed();
  }

  @Override
  public void leaseGone(String database) {
    database(database).leaseGone();
  }

  @Override
  public void looked(String database, Selection selection, boolean enabled) {
    database(database).looked(selection, enabled);
  }

  @Override
  public void measured(String database, Measure measure) {
    database(database).measured(measure);
  }

  @Override
  public void held(String database, String update) {
    database(database).update(update).held();
  }

  @Override
  public void launched(String database, String update) {
    database(database).launched(update);
  }

  @Override
  public void failed(String database, String update) {
    database(database).update(update).failed();
  }

  @Override
  public void spent(String database, String update, String activity, Duration duration) {
    database(database).update(update).spent(activity, duration);
  }

  @Override
  public void entering(String database, String update) {
    database(database).update(update).entering();
  }

  @Override
  public void entered(String database, String update) {
    database(database).update(update).entered();
  }

  @Override
  public void committed(String database, String update, Iteration iteration) {
    database(database).update(update).committed(iteration);
  }
}
