package io.undercurrent.worker;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerRepository;
import io.undercurrent.job.Jobs;
import io.undercurrent.lease.Owner;
import io.undercurrent.status.Definitions;
import io.undercurrent.worker.WorkerTable.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Works on slices that the runners of other processes give out, from its start to its close. */
public final class WorkerProcess implements AutoCloseable {

  private final WorkersProperties properties;
  private final Databases databases;
  private final Jobs jobs;
  private final RunnerContext context;
  private final Map<String, Registration> registrations = new LinkedHashMap<>();
  private final List<WorkerLane> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Broker broker;

  WorkerProcess(
      WorkersProperties properties, Databases databases, Jobs jobs, RunnerContext context) {
    this.properties = properties;
    this.databases = databases;
    this.jobs = jobs;
    this.context = context;
  }

  /**
   * Begins, on threads of its own.
   *
   * @param version of Undercurrent, for others to see
   * @throws RefusedException if no broker is configured
   */
  public synchronized void start(String version) {
    RunnerRepository.requireUtc();
    var url = properties.url();
    if (url == null) {
      throw new RefusedException(
          "%s.broker-url: expected the broker that runners and workers meet at, such as tcp://broker:61616, got nothing"
              .formatted(WorkersProperties.PREFIX));
    }
    var to = new Broker(url, properties.user(), properties.password(), properties.queue());
    broker = to;
    var owner = Owner.thisProcess();
    var count = properties.lanesOr(Runtime.getRuntime().availableProcessors());
    var entry =
        new Entry(owner.id(), owner.name(), Owner.host(), ProcessHandle.current().pid(), version);
    var report = new BrokerReport(to.url());
    databases
        .names()
        .forEach(
            name ->
                registrations.put(
                    name,
                    new Registration(
                            databases.get(name), entry, report::connections, context.time())
                        .start()));
    var intake = new Intake(registrations, Definitions.of(jobs), context, owner);
    for (var i = 1; i <= count; i++) {
      var lane = new WorkerLane(to, report, databases.names(), intake, context.time());
      lanes.add(lane);
      var thread = new Thread(lane, "worker-lane-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  /** Stops at the next iteration boundaries; the slices are given out to others. */
  @Override
  public synchronized void close() {
    lanes.forEach(WorkerLane::stop);
    registrations.values().forEach(one -> one.stopAll("the worker shuts down"));
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    registrations.values().forEach(Registration::close);
    registrations.clear();
    lanes.clear();
    threads.clear();
    if (broker != null) {
      broker.close();
      broker = null;
    }
  }
}
