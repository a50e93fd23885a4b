package io.undercurrent.window;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.database.registry.SectionOfDatabase;
import java.util.HashMap;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/** The time windows of an application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WindowProperties.class)
class WindowConfiguration {

  @Bean
  @Lazy
  ConfiguredWindows configuredWindows(Environment environment, Databases databases) {
    var windows = new HashMap<String, TimeWindows>();
    databases.names().forEach(name -> windows.put(name, windows(environment, name)));
    return database -> requireNonNull(windows.get(database), database);
  }

  private static TimeWindows windows(Environment environment, String database) {
    try {
      return SectionOfDatabase.bind(
              environment, WindowProperties.PREFIX, database, WindowProperties.class)
          .parsed();
    } catch (BindException e) {
      throw new RefusedException(
          "%s (database '%s')"
              .formatted(NestedExceptionUtils.getMostSpecificCause(e).getMessage(), database),
          e);
    }
  }
}
