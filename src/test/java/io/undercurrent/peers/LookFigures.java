package io.undercurrent.peers;

import io.undercurrent.controller.Controller;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.health.ConfiguredSignals;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.JobEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What the looks at a database's health cost while an update runs at the default pace, with every
 * signal on: processor time of the watch's thread and of its session in the server.
 */
final class LookFigures {

  private static final Duration WARM = Duration.ofSeconds(40);
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("peers.seconds", 60));

  /** How many ticks {@code /proc} counts in a second on Linux. */
  private static final double TICKS = 100;

  private static final String SESSIONS =
      "SELECT %s FROM pg_stat_activity WHERE application_name = 'undercurrent health'";

  private final PeersServer server;
  private final Path directory;

  LookFigures(PeersServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  void measure() throws Exception {
    var workload = Workloads.backfill();
    server.renew(workload, 1_000_000);
    Files.writeString(
        directory.resolve(Undercurrent.NAME + ".yaml"), workload.job(Undercurrent.NAME, 1));
    var signals =
        ConfiguredSignals.of(
            Map.of(
                "undercurrent.health.active-sessions.hold", "1000",
                "undercurrent.health.dead-rows.hold", "1000000000",
                "undercurrent.health.sql-probe.sql", "SELECT 0",
                "undercurrent.health.sql-probe.hold", "1"));
    var context = new RunnerContext(Controller.builtIn(), Beans.NONE).watching(signals);
    var database = server.database();
    try (var engine = new JobEngine(JobEngine.jobs(directory), context, database.settings())) {
      engine.updates.start(database.name(), Undercurrent.NAME);
      engine.run();
      Thread.sleep(WARM.toMillis());
      var clientBefore = threadSeconds();
      var serverBefore = sessionSeconds();
      Thread.sleep(TIME.toMillis());
      figure("watch's thread", threadSeconds() - clientBefore);
      figure("watch's session", sessionSeconds() - serverBefore);
      System.out.printf(Locale.ROOT, "| connections of the looks | %d | <= 2 |%n", count());
      engine.updates.cancel(database.name(), Undercurrent.NAME, false);
    }
  }

  private static void figure(String what, double seconds) {
    System.out.printf(
        Locale.ROOT,
        "| looks: %s, %% of a core | %.2f | both <= 0.5 |%n",
        what,
        100 * seconds / TIME.toSeconds());
  }

  private static double threadSeconds() {
    var threads = ManagementFactory.getThreadMXBean();
    for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("health-")) {
        return threads.getThreadCpuTime(thread.getThreadId()) / 1e9;
      }
    }
    throw new IllegalStateException("expected the watch's thread, found none");
  }

  private double sessionSeconds() throws IOException {
    var pid = server.number(SESSIONS.formatted("pid"));
    var fields = Files.readString(Path.of("/proc/" + pid + "/stat")).replaceAll(".*\\) ", "");
    var times = fields.split(" ");
    return (Long.parseLong(times[11]) + Long.parseLong(times[12])) / TICKS;
  }

  private long count() {
    return server.number(SESSIONS.formatted("count(*)"));
  }
}
