package io.undercurrent.lease;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Properties;
import java.util.UUID;

/**
 * A process that may run updates.
 *
 * @param name the process in words: {@code pid 4711 on db-host}
 * @param id tells two processes of that name apart
 */
public record Owner(String name, String id) {

  private static final String BUILD_INFO = "/META-INF/build-info.properties";

  public static Owner thisProcess() {
    return new Owner(
        "pid %d on %s".formatted(ProcessHandle.current().pid(), host()),
        UUID.randomUUID().toString());
  }

  /** The part of the process that runs one database: two that are configured may be the same. */
  public Owner of(String databaseName) {
    return new Owner(name, id + " " + databaseName);
  }

  /** The name of the host that this process is on. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unnamed host";
    }
  }

  /** The version of Undercurrent that this process is. */
  public static String version() {
    var build = new Properties();
    try (var stream = Owner.class.getResourceAsStream(BUILD_INFO)) {
      if (stream != null) {
        build.load(stream);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("build.version", "not packaged");
  }
}
