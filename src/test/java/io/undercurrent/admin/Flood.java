package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;

/** 64 connections that send as fast as they can while a job runs. */
final class Flood {

  private static final int CONNECTIONS = 64;

  /** More than the job gets through. */
  private static final int ROWS_PER_SECOND = 20_000;

  private final RunningApplication application;

  Flood(RunningApplication application) {
    this.application = application;
  }

  /** Leaves the job in the queue. */
  void pour(Duration time) throws Exception {
    var job = "hash_for_" + time.toSeconds();
    application.makeJob(
        job,
        job,
        (int) time.plusSeconds(5).toSeconds() * ROWS_PER_SECOND,
        "UPDATE " + job + " SET n = length(repeat(md5(chunk.id::text), 500))");
    application.updates().start("master", job);
    try (var load = new Load(application.http.port(), Load.mixed(application.token), CONNECTIONS);
        var running = application.run()) {
      await().atMost(Duration.ofSeconds(30)).until(() -> items() > 0);
      var before = items();

      load.flood(time);

      System.out.printf(
          "%d connections: %d requests in %d ms, %s, p99 %.0f ms; %d items meanwhile%n",
          CONNECTIONS,
          load.count(),
          time.toMillis(),
          load.statuses(),
          load.percentileMs(99),
          items() - before);
      assertThat(load.statuses().keySet()).containsOnly(200, 400, 401);
      assertThat(items()).isGreaterThan(before);
    }
    assertThatNothingIsLeftOpen();
  }

  private long items() {
    return application.updates().status("master").currentUpdates().stream()
        .mapToLong(update -> update.items())
        .sum();
  }

  private void assertThatNothingIsLeftOpen() throws IOException {
    assertThat(
            Rows.of(
                application.database,
                """
                SELECT state
                  FROM pg_stat_activity
                 WHERE datname = current_database()
                   AND pid <> pg_backend_pid()"""))
        .hasSizeLessThan(10)
        .allMatch("idle"::equals);
    var connections = new ArrayList<Socket>();
    for (var i = 0; i < TomcatSettings.MOST_CONNECTIONS; i++) {
      connections.add(application.http.ask());
    }
    for (var each : connections) {
      assertThat(Http.isAnswered(each, Http.PATIENCE)).isTrue();
      each.close();
    }
  }
}
