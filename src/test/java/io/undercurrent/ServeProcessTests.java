package io.undercurrent;

import static java.util.function.Predicate.isEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.database.Database;
import io.undercurrent.database.Home;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.process.JavaCommand;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
@Tag("faults")
class ServeProcessTests {

  private static final String EPOCH = "SELECT epoch FROM undercurrent.lease";

  private static final String DOZING =
      """
      SELECT pid
        FROM pg_stat_activity
       WHERE datname = current_database()
         AND pid <> pg_backend_pid()
         AND wait_event = 'PgSleep'""";

  @TempDir private Path home;
  private int port;
  private int managementPort;
  private String token = "";

  @BeforeEach
  void makeAJob(Database database) throws IOException {
    Rows.run(
        database,
        "CREATE TABLE halls AS SELECT id, 0 AS n FROM generate_series(1, 400000) AS id",
        "ALTER TABLE halls ADD PRIMARY KEY (id)");
    Files.writeString(
        home.resolve("count.yaml"),
        """
        updates:
          - name: count
            read: {table: halls, key: [id]}
            write: UPDATE halls SET n = n + 1 FROM chunk WHERE halls.id = chunk.id
        """);
    Files.writeString(
        home.resolve("doze.yaml"),
        """
        updates:
          - name: doze
            read: {table: halls, key: [id]}
            write:
              - UPDATE halls SET n = n + 1 FROM chunk WHERE halls.id = chunk.id
              - SELECT pg_sleep(3)
        """);
    token = new OwnTokens(new Home(home), Clock.systemUTC()).create("test");
    try (var free = new ServerSocket(0);
        var another = new ServerSocket(0)) {
      port = free.getLocalPort();
      managementPort = another.getLocalPort();
    }
  }

  @Test
  void refusesWorkFirstAndStopsAtAnIterationBoundaryWithExitCode0(Database database)
      throws Exception {
    var serve = start(database, "one", Duration.ofSeconds(10));
    awaitAnswer(() -> health("readiness"));
    assertThat(startJob("doze")).isEqualTo(200);
    Rows.await(database, DOZING);

    serve.destroy();

    await().atMost(Duration.ofSeconds(3)).until(() -> health("readiness") == 503);
    assertThat(Rows.of(database, DOZING)).isNotEmpty();
    assertThat(health("liveness")).isEqualTo(200);
    assertThat(serve.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(serve.exitValue()).isZero();
    assertThat(Rows.of(database, "SELECT status FROM undercurrent.batch_job_execution"))
        .containsExactly("STOPPED");
    assertThat(Rows.of(database, "SELECT count(*) FROM halls WHERE n > 0")).containsExactly("100");
    assertThat(Files.readString(home.resolve("one"))).doesNotContain(token);
  }

  @Test
  void takesOverWhenTheOtherIsKilled(Database database) throws Exception {
    var first = start(database, "one", Duration.ofMillis(20));
    awaitAnswer(() -> get("enabled"));
    var second = start(database, "two", Duration.ofMillis(20));
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Files.readString(home.resolve("two")).contains("HTTP stands by"));
    assertThat(startJob("count")).isEqualTo(200);
    Rows.await(database, "SELECT 1 FROM halls WHERE n > 0 LIMIT 1");

    var lease = Rows.of(database, EPOCH);

    first.destroyForcibly().waitFor();

    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> get("enabled") == 200 && !Rows.of(database, EPOCH).equals(lease));
    Rows.awaitNone(database, "SELECT 1 FROM undercurrent.background_updates");
    assertThat(Rows.of(database, "SELECT DISTINCT n FROM halls")).containsExactly("1");
    assertThat(Files.readString(home.resolve("two"))).contains("health and metrics stand by");
    assertThat(health("readiness")).isEqualTo(200);
    second.destroy();
    assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(second.exitValue()).isZero();
  }

  private Process start(Database database, String output, Duration target) throws IOException {
    var command =
        JavaCommand.undercurrent(
            home,
            database,
            List.of(),
            "--undercurrent.background-updates.sleep-duration=20ms",
            "--undercurrent.background-updates.update-duration=" + target.toMillis() + "ms",
            "--undercurrent.admin.port=" + port,
            "--undercurrent.admin.management-port=" + managementPort,
            "serve");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve(output).toFile())
        .start();
  }

  private int get(String path) throws Exception {
    return send(request(path).GET().build());
  }

  private int startJob(String job) throws Exception {
    return send(
        request("start_job")
            .POST(HttpRequest.BodyPublishers.ofString("{\"job_name\":\"%s\"}".formatted(job)))
            .build());
  }

  private int health(String probe) throws Exception {
    var uri = "http://127.0.0.1:%d/actuator/health/%s".formatted(managementPort, probe);
    return send(HttpRequest.newBuilder(URI.create(uri)).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create(
                "http://127.0.0.1:%d/_synapse/admin/v1/background_updates/%s"
                    .formatted(port, path)))
        .header("Authorization", "Bearer " + token);
  }

  private static int send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
  }

  private static void awaitAnswer(Callable<Integer> status) {
    await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(status, isEqual(200));
  }
}
