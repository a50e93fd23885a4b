package io.undercurrent.admin;

import static org.awaitility.Awaitility.await;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.database.Database;
import io.undercurrent.database.Home;
import io.undercurrent.testing.process.JavaCommand;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code serve} as a service manager starts it: a process of its own, with a small heap. */
final class ServeProcess implements AutoCloseable {

  /** The benchmark measures what is deployed. */
  private static final String ALL_COMPILERS = "-XX:TieredStopAtLevel=4";

  private final Process process;
  final Http http;
  final String token;

  /**
   * Starts it and waits until it answers.
   *
   * @param home holds its files, and the jobs
   * @param properties beyond those that it needs
   */
  ServeProcess(Path home, Database database, String... properties) throws IOException {
    this.token = new OwnTokens(new Home(home), Clock.systemUTC()).create("test");
    this.http = new Http(freePort());
    this.process = start(home, database, properties);
    // Who is stopped in the middle of a test leaves nothing behind either.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> get("enabled") == 200);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Process start(Path home, Database database, String... properties) throws IOException {
    var words = new ArrayList<>(List.of(properties));
    words.addAll(
        List.of(
            "--undercurrent.admin.homeserver-tokens=true",
            "--undercurrent.admin.port=" + http.port(),
            "--undercurrent.admin.management-port=0",
            "serve"));
    var command =
        JavaCommand.undercurrent(
            home, database, List.of("-Xmx256m", ALL_COMPILERS), words.toArray(String[]::new));
    return new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start();
  }

  List<String> credentials() {
    return List.of("Authorization: Bearer " + token);
  }

  private int get(String path) throws IOException {
    return http.send("GET", Routes.BASE + path, credentials(), "").status();
  }

  String status() throws IOException {
    return http.send("GET", Routes.BASE + "status", credentials(), "").body();
  }

  int startJob(String job) throws IOException {
    var body = "{\"job_name\":\"%s\"}".formatted(job);
    return http.send("POST", Routes.BASE + "start_job", credentials(), body).status();
  }

  Duration cpuTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
