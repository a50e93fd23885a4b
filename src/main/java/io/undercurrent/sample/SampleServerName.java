package io.undercurrent.sample;

import java.util.Map;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives the embedded database, the home of the sample homeserver, the sample's server name. Where a
 * database is configured the name is not guessed: a wrong one would count all users as remote.
 */
final class SampleServerName
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final ConfigurationPropertyName DATABASES =
      ConfigurationPropertyName.of("undercurrent.databases");
  private static final String SERVER_NAME = "undercurrent.homeserver.server-name";

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    var environment = context.getEnvironment();
    if (usesTheEmbeddedDatabase(environment)) {
      environment
          .getPropertySources()
          .addLast(
              new MapPropertySource(
                  "the sample homeserver", Map.of(SERVER_NAME, SampleHomeserver.SERVER_NAME)));
    }
  }

  private static boolean usesTheEmbeddedDatabase(ConfigurableEnvironment environment) {
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source.containsDescendantOf(DATABASES) == ConfigurationPropertyState.PRESENT) {
        return false;
      }
    }
    return true;
  }
}
