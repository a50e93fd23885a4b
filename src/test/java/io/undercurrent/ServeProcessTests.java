package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.database.Database;
import io.undercurrent.database.Home;
import io.undercurrent.database.PostgresTest;
import io.undercurrent.database.Rows;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
@Tag("faults")
class ServeProcessTests {

  @TempDir private Path home;
  private int port;
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
    token = new OwnTokens(new Home(home), Clock.systemUTC()).create("test");
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @Test
  void stopsAtAnIterationBoundaryWithExitCode0(Database database) throws Exception {
    var serve = start(database, "one");
    await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> get("enabled") == 200);
    assertThat(startJob()).isEqualTo(200);
    await().atMost(Duration.ofMinutes(1)).until(() -> !counted(database).equals("0"));

    serve.destroy();

    assertThat(serve.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(serve.exitValue()).isZero();
    assertThat(Rows.of(database, "SELECT status FROM undercurrent.batch_job_execution"))
        .containsExactly("STOPPED");
    assertThat(Files.readString(home.resolve("one"))).doesNotContain(token);
  }

  @Test
  void takesOverWhenTheOtherIsKilled(Database database) throws Exception {
    var first = start(database, "one");
    await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> get("enabled") == 200);
    var second = start(database, "two");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Files.readString(home.resolve("two")).contains("HTTP stands by"));
    assertThat(startJob()).isEqualTo(200);
    await().atMost(Duration.ofMinutes(1)).until(() -> !counted(database).equals("0"));

    first.destroyForcibly().waitFor();

    await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> get("enabled") == 200);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Rows.of(database, "SELECT 1 FROM undercurrent.background_updates").isEmpty());
    assertThat(Rows.of(database, "SELECT DISTINCT n FROM halls")).containsExactly("1");
    second.destroy();
    assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(second.exitValue()).isZero();
  }

  private Process start(Database database, String output) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                UndercurrentApplication.class.getName(),
                "--undercurrent.home=" + home,
                "--undercurrent.jobs-directory=" + home,
                "--undercurrent.databases[0].name=master",
                "--undercurrent.databases[0].url=" + database.settings().url(),
                "--undercurrent.databases[0].username=" + database.settings().username(),
                "--undercurrent.background-updates.sleep-duration=20ms",
                "--undercurrent.background-updates.update-duration=20ms",
                "--undercurrent.admin.port=" + port,
                "serve"))
        .redirectErrorStream(true)
        .redirectOutput(home.resolve(output).toFile())
        .start();
  }

  private int get(String path) throws Exception {
    return send(request(path).GET().build());
  }

  private int startJob() throws Exception {
    return send(
        request("start_job")
            .POST(HttpRequest.BodyPublishers.ofString("{\"job_name\":\"count\"}"))
            .build());
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

  private static String counted(Database database) {
    return String.valueOf(
        Rows.of(database, "SELECT count(*) FROM (SELECT 1 FROM halls WHERE n > 0 LIMIT 1) c")
            .get(0));
  }
}
