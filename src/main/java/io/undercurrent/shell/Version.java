package io.undercurrent.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.DriverInfo;

/**
 * Which Undercurrent this is, and what it runs on.
 *
 * @param version its version, or null where it was not built by Maven
 * @param builtAt when it was built, or null as well
 * @param java the version of Java
 * @param postgresqlDriver the version of the PostgreSQL driver
 */
record Version(
    @Nullable String version, @Nullable Instant builtAt, String java, String postgresqlDriver) {

  private static final String BUILD_INFO = "/META-INF/build-info.properties";

  /** Of this process. */
  static Version ofThisProcess() {
    var build = build();
    var time = build.getProperty("build.time");
    return new Version(
        build.getProperty("build.version"),
        time == null ? null : Instant.parse(time),
        Runtime.version().toString(),
        DriverInfo.DRIVER_VERSION);
  }

  private static Properties build() {
    var properties = new Properties();
    try (var stream = Version.class.getResourceAsStream(BUILD_INFO)) {
      if (stream != null) {
        properties.load(stream);
      }
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
