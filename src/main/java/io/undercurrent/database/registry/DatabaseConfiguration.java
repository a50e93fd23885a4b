package io.undercurrent.database.registry;

import io.undercurrent.database.Home;
import io.undercurrent.database.embedded.EmbeddedServerStarting;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** The databases and the home of an application context. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  /** Publishes {@link EmbeddedServerStarting} before the server is started. */
  @Bean
  @Lazy
  Databases databases(Environment environment, ApplicationEventPublisher events) {
    return Databases.from(environment, events::publishEvent);
  }

  @Bean
  Home home(Environment environment) {
    return DatabasesProperties.home(environment);
  }

  /** For the properties of all packages. */
  @Bean
  static ConfigurationPropertiesBindHandlerAdvisor emptyIsNothing() {
    return EmptyIsNothing::new;
  }
}
