package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Rows;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 200 requests a second while a job runs, half of them bad: what they cost each other. */
@Tag("benchmark")
class LoadBenchmark {

  private static final int PER_SECOND = 200;
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("load.seconds", 60));

  /** More than a job gets through in that time. */
  private static final long ROWS = (2 * TIME.toSeconds() + 20) * 120_000;

  private static final long ROWS_AT_ONCE = 1_000_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, Integer> statuses = Collections.synchronizedMap(new TreeMap<>());
  private final List<Long> micros = new CopyOnWriteArrayList<>();

  @Test
  void leavesBothTheApiAndTheJobTheirPace(@TempDir Path home) throws Exception {
    try (var application = new RunningApplication(home)) {
      for (var id = 1_000L; id < ROWS; id += ROWS_AT_ONCE) {
        Rows.run(
            application.database,
            "INSERT INTO halls (id) SELECT generate_series(%d, %d)"
                .formatted(id, id + ROWS_AT_ONCE - 1));
      }
      application.updates().start("master", "count");
      application.run();
      Thread.sleep(Duration.ofSeconds(10).toMillis());
      var alone = itemsDuring(application, () -> Thread.sleep(TIME.toMillis()));
      var loaded = itemsDuring(application, () -> load(application));

      Collections.sort(micros);
      System.out.printf(
          "%d requests, statuses %s, p50 %.1f ms, p99 %.1f ms; items/s alone %d, under load %d%n",
          micros.size(),
          statuses,
          micros.get(micros.size() / 2) / 1000.0,
          micros.get(micros.size() * 99 / 100) / 1000.0,
          alone / TIME.toSeconds(),
          loaded / TIME.toSeconds());
      assertThat(statuses.keySet()).allMatch(status -> status < 500);
    }
  }

  private static long itemsDuring(RunningApplication application, Work work) throws Exception {
    var before = items(application);
    work.run();
    return items(application) - before;
  }

  private static long items(RunningApplication application) {
    return application.updates().status("master").currentUpdates().get(0).items();
  }

  private void load(RunningApplication application) throws Exception {
    var senders = Executors.newScheduledThreadPool(32);
    var requests = requests(application);
    for (var i = 0; i < PER_SECOND * TIME.toSeconds(); i++) {
      var request = requests.get(i % requests.size());
      senders.schedule(() -> send(request), i * 1000L / PER_SECOND, TimeUnit.MILLISECONDS);
    }
    senders.shutdown();
    senders.awaitTermination(2 * TIME.toSeconds(), TimeUnit.SECONDS);
  }

  private static List<HttpRequest> requests(RunningApplication application) {
    var good = application.token;
    return List.of(
        request(application, "status", good).GET().build(),
        request(application, "status", "bad").GET().build(),
        request(application, "enabled", good).GET().build(),
        request(application, "enabled", good).POST(BodyPublishers.ofString("{")).build());
  }

  private static HttpRequest.Builder request(
      RunningApplication application, String path, String token) {
    var uri = "http://127.0.0.1:%d%s%s".formatted(application.http.port(), Routes.BASE, path);
    return HttpRequest.newBuilder(URI.create(uri)).header("Authorization", "Bearer " + token);
  }

  private void send(HttpRequest request) {
    var began = System.nanoTime();
    try {
      var status = client.send(request, BodyHandlers.ofString()).statusCode();
      statuses.merge(status, 1, Integer::sum);
    } catch (IOException | InterruptedException e) {
      statuses.merge(599, 1, Integer::sum);
    }
    micros.add((System.nanoTime() - began) / 1000);
  }

  private interface Work {
    void run() throws Exception;
  }
}
