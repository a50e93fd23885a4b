package io.undercurrent.shell;

import io.undercurrent.database.registry.DatabasesProperties;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;

/**
 * Has logs written under {@code undercurrent.home}, unless {@code logging.file.name} says where.
 */
public final class LogsInHome
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private static final String LOG_FILE = "logging.file.name";

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent prepared) {
    var environment = prepared.getEnvironment();
    if (!environment.containsProperty(LOG_FILE)) {
      var file = DatabasesProperties.home(environment).logs().resolve("undercurrent.log");
      environment
          .getPropertySources()
          .addLast(new MapPropertySource("logs in home", Map.of(LOG_FILE, file.toString())));
    }
  }

  /** When the configuration has been read, but before logging starts. */
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER - 1;
  }
}
