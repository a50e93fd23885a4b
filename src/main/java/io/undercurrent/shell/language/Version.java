package io.undercurrent.shell.language;

import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Screen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.DriverInfo;

/**
 * Which Undercurrent this is, and what it runs on.
 *
 * @param version its version, or null where it was not built by Maven
 * @param java the version of Java
 * @param postgresqlDriver the version of the PostgreSQL driver
 */
public record Version(@Nullable String version, String java, String postgresqlDriver) {

  /** The verb that shows it. */
  public static final String VERB = "version";

  private static final String BUILD_INFO = "/META-INF/build-info.properties";

  /** Of this process. */
  public static Version ofThisProcess() {
    // Not when it was built: the same sources are to make the same jar.
    return new Version(
        build().getProperty("build.version"),
        Runtime.version().toString(),
        DriverInfo.DRIVER_VERSION);
  }

  /** Shows it, or prints it for scripts. */
  public void print(Screen screen, boolean json) {
    if (json) {
      JsonOutput.print(screen, this);
      return;
    }
    new DescriptionList()
        .add("undercurrent", version == null ? "not packaged" : version)
        .add("java", java)
        .add("postgresql driver", postgresqlDriver)
        .print(screen);
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
