package io.undercurrent.sample;

import java.util.HashMap;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Sets the sample's server name and application service for the embedded database, the home of the
 * sample homeserver. Where a database is configured nothing is guessed: a wrong name would count
 * all users as remote.
 */
final class SampleProperties
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final ConfigurationPropertyName DATABASES =
      ConfigurationPropertyName.of("undercurrent.databases");
  private static final ConfigurationPropertyName APPSERVICES =
      ConfigurationPropertyName.of("undercurrent.homeserver.appservices");
  private static final String SERVER_NAME = "undercurrent.homeserver.server-name";
  private static final String APPSERVICE = APPSERVICES + "[0]";

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    var environment = context.getEnvironment();
    if (isSet(environment, DATABASES)) {
      return;
    }
    var properties = new HashMap<String, Object>();
    properties.put(SERVER_NAME, SampleHomeserver.SERVER_NAME);
    // The whole list or nothing: its elements are gathered from every source.
    if (!isSet(environment, APPSERVICES)) {
      properties.put(APPSERVICE + ".sender", SampleHomeserver.APPSERVICE_SENDER);
      properties.put(
          APPSERVICE + ".exclusive-users[0]", SampleHomeserver.APPSERVICE_EXCLUSIVE_USERS);
    }
    environment
        .getPropertySources()
        .addLast(new MapPropertySource("the sample homeserver", properties));
  }

  private static boolean isSet(
      ConfigurableEnvironment environment, ConfigurationPropertyName property) {
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source.containsDescendantOf(property) == ConfigurationPropertyState.PRESENT) {
        return true;
      }
    }
    return false;
  }
}
