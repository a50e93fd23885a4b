package io.undercurrent.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.undercurrent.admin.Http.Response;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of the documentation, in real proxies where they are installed. */
@PostgresTest
class ReverseProxyTests {

  private static final Path PAGE = Path.of("src/docs/homeserver.md");
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final String OF_HOMESERVER = "of the homeserver";

  private static RunningApplication application;
  private static HttpServer homeserver;

  @BeforeAll
  static void start(@TempDir Path home) throws IOException {
    assumeTrue(List.of(Proxy.values()).stream().anyMatch(Proxy::isInstalled), "no proxy");
    application = new RunningApplication(home, "--server.forward-headers-strategy=native");
    homeserver = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    homeserver.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, OF_HOMESERVER.length());
          exchange.getResponseBody().write(OF_HOMESERVER.getBytes(UTF_8));
          exchange.close();
        });
    homeserver.start();
  }

  @AfterAll
  static void stop() {
    if (application != null) {
      homeserver.stop(0);
      application.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void putsThreePathsInFrontOfTheHomeserver(Proxy kind, @TempDir Path directory) throws Exception {
    assumeTrue(kind.isInstalled(), "no " + kind);
    try (var proxy = new Running(kind, directory)) {
      var bearer = List.of("Authorization: Bearer " + application.token);
      var status = proxy.send("GET", Routes.BASE + "status", bearer, "");
      assertThat(status.status()).isEqualTo(200);
      assertThat(status.body()).isEqualTo("{\"enabled\":true,\"current_updates\":{}}");
      assertThat(proxy.send("GET", Routes.BASE + "enabled?a=b", List.of(), "").body())
          .contains("M_MISSING_TOKEN");
      assertThat(proxy.send("POST", Routes.BASE + "start_job", bearer, "{}").body())
          .contains("M_MISSING_PARAM");

      var options = proxy.send("OPTIONS", Routes.BASE + "status", List.of(), "");
      assertThat(options.status()).isEqualTo(204);
      assertThat(options.values("Access-Control-Allow-Origin")).containsExactly("*");

      for (var path :
          List.of("/", "/_matrix/client/versions", Routes.BASE + "status/", Routes.BASE + "x")) {
        assertThat(proxy.send("GET", path, bearer, "").body()).isEqualTo(OF_HOMESERVER);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsWhereTheClientIsIfTheProxyIsTrusted(Proxy kind, @TempDir Path directory)
      throws Exception {
    assumeTrue(kind.isInstalled(), "no " + kind);
    Rows.run(application.database, "DELETE FROM undercurrent.actions");
    try (var proxy = new Running(kind, directory)) {
      var headers =
          List.of("Authorization: Bearer " + application.token, "X-Forwarded-For: 203.0.113.9");
      proxy.send("POST", Routes.BASE + "enabled", headers, "{\"enabled\":true}");
    }

    assertThat(Rows.of(application.database, "SELECT address FROM undercurrent.actions"))
        .as("not what the client says of itself")
        .containsExactly("127.0.0.2");
  }

  /** Which program. */
  private enum Proxy {
    NGINX("/usr/sbin/nginx"),
    CADDY("/usr/bin/caddy");

    private final Path program;

    Proxy(String program) {
      this.program = Path.of(program);
    }

    boolean isInstalled() {
      return Files.isExecutable(program);
    }

    /** What the page says, with the ports of the test. */
    String rule() throws IOException {
      var name = name().toLowerCase(Locale.ROOT);
      var block = Pattern.compile("```" + name + "\n(.*?)```", Pattern.DOTALL);
      var found = block.matcher(Files.readString(PAGE));
      assertThat(found.find()).as("a rule for %s in %s", name, PAGE).isTrue();
      return found
          .group(1)
          .replace("127.0.0.1:8009", "127.0.0.1:" + application.http.port())
          .replace("127.0.0.1:8008", "127.0.0.1:" + homeserver.getAddress().getPort());
    }

    List<String> command(Path directory, int port) throws IOException {
      var file = directory.resolve("proxy.conf");
      if (this == CADDY) {
        Files.writeString(
            file,
            "{\n  admin off\n  auto_https off\n}\n"
                + rule().replace("matrix.example.org", "http://localhost:" + port));
        return List.of(program.toString(), "run", "--adapter", "caddyfile", "--config", "" + file);
      }
      Files.writeString(
          file,
          """
          daemon off;
          pid %1$s/pid;
          error_log stderr;
          events {}
          http {
            access_log off;
            client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/f;
            uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
            %2$s
          }"""
              .formatted(
                  directory,
                  rule()
                      .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + ";")
                      .replaceAll("(?m)^ *ssl_certificate.*$", "")));
      return List.of(program.toString(), "-c", file.toString());
    }
  }

  /** One that runs until it is closed. */
  private static final class Running implements AutoCloseable {

    private final Process process;
    private final int port;

    Running(Proxy kind, Path directory) throws IOException {
      port = freePort();
      process =
          new ProcessBuilder(kind.command(directory, port))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(
              () -> {
                try (var socket = new Socket(LOOPBACK, port)) {
                  return socket.isConnected();
                }
              });
    }

    /** Sends a request from an address of its own; proxies give up on who says no more. */
    Response send(String method, String path, List<String> headers, String body)
        throws IOException {
      var request =
          "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nConnection: close%s\r\n\r\n%s"
              .formatted(
                  method,
                  path,
                  body.length(),
                  headers.stream().map("\r\n"::concat).collect(joining()),
                  body);
      try (var socket =
          new Socket(LOOPBACK, port, InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0)) {
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return Response.parse(socket.getInputStream().readAllBytes());
      }
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      }
    }

    @Override
    public void close() throws InterruptedException {
      process.destroy();
      process.waitFor();
    }
  }
}
