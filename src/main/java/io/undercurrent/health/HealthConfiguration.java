package io.undercurrent.health;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The signals of an application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HealthProperties.class)
class HealthConfiguration {

  @Bean
  @Lazy
  Signals signals(HealthProperties properties) {
    return new HealthSignals(properties);
  }
}
