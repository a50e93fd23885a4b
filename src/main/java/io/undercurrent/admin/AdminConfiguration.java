package io.undercurrent.admin;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.database.Databases;
import io.undercurrent.runner.BackgroundUpdates;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Has HTTP served where that is asked for. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("undercurrent.admin.enabled")
@EnableConfigurationProperties(AdminProperties.class)
class AdminConfiguration {

  @Bean
  HttpServer httpServer(
      AdminProperties properties,
      ConfigurableEnvironment environment,
      ObjectProvider<BackgroundUpdates> updates,
      ObjectProvider<Databases> databases,
      OwnTokens tokens,
      Clock clock) {
    return new HttpServer(
        properties,
        environment,
        () -> new Engine(updates.getObject(), databases.getObject(), tokens, clock));
  }
}
