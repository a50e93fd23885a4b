package io.undercurrent.database.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/** Starts and stops the embedded server; called {@link ServerFiles#exclusively}. */
final class ServerControl {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern LAST_PORT = Pattern.compile("\"-p\" \"(\\d+)\"");

  private final ServerFiles files;

  ServerControl(ServerFiles files) {
    this.files = files;
  }

  /** Starts the server, on new data if there is no data yet; it must not run already. */
  void start() {
    try {
      var binaries = PostgresBinaries.in(files.directory());
      if (files.hasData()) {
        requireVersion(binaries.majorVersion());
      } else {
        create(binaries);
      }
      launch(binaries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireVersion(String ours) throws IOException {
    var found = Files.readString(files.data().resolve("PG_VERSION")).strip();
    if (!found.equals(ours)) {
      throw new RefusedException(
          "%s: expected data of PostgreSQL %s, found data of PostgreSQL %s. Set undercurrent.home to another directory, or use the version of Undercurrent that made this one"
              .formatted(files.data(), ours, found));
    }
  }

  // Made next to its place, so that a killed start leaves nothing that looks like data.
  private void create(PostgresBinaries binaries) throws IOException {
    var unfinished = files.directory().resolve("data.unfinished");
    FileSystemUtils.deleteRecursively(unfinished);
    writePassword();
    binaries.run(
        "initdb",
        List.of(
            "--pgdata=" + unfinished,
            "--username=" + ServerSessions.SUPERUSER,
            "--auth=scram-sha-256",
            "--pwfile=" + files.passwordFile(),
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions"));
    Files.move(unfinished, files.data());
  }

  private void writePassword() throws IOException {
    var random = new byte[24];
    new SecureRandom().nextBytes(random);
    Files.deleteIfExists(files.passwordFile());
    Files.createFile(
        files.passwordFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(files.passwordFile(), HexFormat.of().formatHex(random));
  }

  private void launch(PostgresBinaries binaries) throws IOException {
    var options =
        "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=50 -c shared_buffers=512MB"
            .formatted(port());
    var logged = Files.exists(files.log()) ? Files.size(files.log()) : 0;
    try {
      control(binaries, "start", "--log=" + files.log(), "--options=" + options);
    } catch (RefusedException e) {
      throw new RefusedException(
          "The embedded PostgreSQL did not start: %s. See %s"
              .formatted(reason(logged, e), files.log()),
          e);
    }
  }

  /** Stops the server; the caller has a session on it, so the pid file is not a dead server's. */
  void stop() {
    control(PostgresBinaries.in(files.directory()), "stop", "--mode=fast");
  }

  private void control(PostgresBinaries binaries, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--pgdata=" + files.data(), "--wait", "--timeout=" + PATIENCE.toSeconds()));
    binaries.run("pg_ctl", all);
  }

  private String reason(long logged, RefusedException failure) throws IOException {
    if (Files.notExists(files.log())) {
      return String.valueOf(failure.getMessage());
    }
    try (var channel = FileChannel.open(files.log())) {
      var news = Channels.newInputStream(channel.position(logged)).readAllBytes();
      return new String(news, UTF_8)
          .lines()
          .filter(line -> line.contains("FATAL: "))
          .map(line -> line.replaceFirst(".*FATAL: +", ""))
          .findFirst()
          .orElse("it logged no reason");
    }
  }

  // The last one if it is free, so that an address that operators noted down still works.
  private int port() throws IOException {
    var options = files.data().resolve("postmaster.opts");
    var last = LAST_PORT.matcher(Files.exists(options) ? Files.readString(options) : "");
    var port = last.find() ? Integer.parseInt(last.group(1)) : 0;
    return isFree(port) ? port : freePort();
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
