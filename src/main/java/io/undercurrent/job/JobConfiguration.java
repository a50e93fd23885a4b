package io.undercurrent.job;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Makes the catalogue from the configuration. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({JobProperties.class, HomeserverProperties.class})
class JobConfiguration {

  @Bean
  Jobs jobs(JobProperties properties, Environment environment) {
    return new Jobs(properties.directory(), new EnvironmentValues(environment));
  }
}
