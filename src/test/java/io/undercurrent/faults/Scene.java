package io.undercurrent.faults;

import io.undercurrent.faults.server.PostgresServer;
import io.undercurrent.faults.server.ServerPrototype;
import io.undercurrent.faults.server.Wire;
import io.undercurrent.testing.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What cases happen to: a server, Undercurrent's process behind a wire, and a console beside. Cases
 * may share one, each with a table of its own.
 */
final class Scene implements AutoCloseable {

  final Path directory;
  final Path jobs;
  final Wire wire;
  final UndercurrentProcess undercurrent;
  private volatile PostgresServer server;
  private Console console;
  private int cases;

  private Scene(
      PostgresServer server, List<String> before, @Nullable String url, String... properties)
      throws Exception {
    this.server = server;
    this.directory = ServerPrototype.newDirectory();
    this.jobs = Files.createDirectories(directory.resolve("jobs"));
    Files.createDirectories(home());
    this.wire = new Wire(server.url());
    this.console = new Console(server.url(), jobs);
    this.undercurrent =
        new UndercurrentProcess(before, home(), jobs, url == null ? wire.url() : url, properties);
  }

  /**
   * One with a server of its own, where Undercurrent runs.
   *
   * @param properties of Undercurrent's, beyond those that it needs
   */
  static Scene open(String... properties) throws Exception {
    return open(PostgresServer.create(), List.of(), properties);
  }

  /**
   * One with a server that runs.
   *
   * @param before a command that is given Undercurrent's as its last arguments, or nothing; HOME in
   *     it stands for Undercurrent's home
   */
  static Scene open(PostgresServer server, List<String> before, String... properties)
      throws Exception {
    var scene = new Scene(server, before, null, properties);
    scene.undercurrent.start();
    return scene;
  }

  /** One where Undercurrent's url names the server and a standby of it. */
  static Scene open(PostgresServer server, PostgresServer standby) throws Exception {
    var hosts = server.address() + "," + standby.address();
    var url = server.url().replace(server.address(), hosts) + "?targetServerType=primary";
    var scene = new Scene(server, List.of(), url);
    scene.undercurrent.start();
    return scene;
  }

  /** Where Undercurrent's process has its files. */
  Path home() {
    return directory.resolve("home");
  }

  /** Starts Undercurrent's process again; returns when it has got to the server. */
  void start() throws IOException {
    var before = wire.connections();
    undercurrent.start();
    Engine.await().atMost(Duration.ofMinutes(2)).until(() -> wire.connections() > before);
  }

  /** A further process of Undercurrent, with a home of its own. */
  UndercurrentProcess another() throws Exception {
    return new UndercurrentProcess(
            List.of(), directory.resolve("home-" + Math.random()), jobs, wire.url())
        .start();
  }

  /** Has Undercurrent's process come to a point, and kills it there. */
  void killAt(StopPoint point, String table) throws Exception {
    var superuser = server.superuser();
    try (var held = point.hold(superuser, table)) {
      if (point.isOfStart()) {
        undercurrent.kill();
        undercurrent.start();
      }
      StopPoint.await(superuser);
      undercurrent.kill();
    }
  }

  /** The server that the application uses. */
  PostgresServer server() {
    return server;
  }

  Console console() {
    return console;
  }

  /** The application and the console use another server from now on. */
  void moveTo(PostgresServer other) {
    server = other;
    console.close();
    console = new Console(other.url(), jobs);
  }

  /** A table of that name, with a job of that name as well. */
  Oracle update(String name, int rows) throws IOException {
    var oracle = new Oracle(this::server, name, rows);
    oracle.createTable();
    Files.writeString(jobs.resolve(name + ".yaml"), oracle.job(""));
    return oracle;
  }

  /** A case, with a table of its own. */
  Fault fault(String name) {
    return new Fault(this, name, "items_" + ++cases);
  }

  @Override
  public void close() throws Exception {
    undercurrent.close();
    console.close();
    wire.close();
    server.close();
  }
}
