package io.undercurrent.job;

import io.undercurrent.kind.UpdateKinds;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Makes the catalogue from the configuration. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({JobProperties.class, HomeserverProperties.class})
class JobConfiguration {

  /** Takes the homeserver's properties, which placeholders read, only to have them checked. */
  @Bean
  Jobs jobs(
      UpdateKinds kinds,
      JobProperties properties,
      HomeserverProperties homeserver,
      Environment environment) {
    return new Jobs(kinds, properties.directory(), new EnvironmentValues(environment));
  }
}
