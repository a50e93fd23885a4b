package io.undercurrent.controller;

import io.undercurrent.time.TimeSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the controller from the configuration. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ControllerProperties.class, ModuleProperties.class})
class ControllerConfiguration {

  @Bean
  Controller controller(
      ControllerProperties properties, ModuleProperties modules, TimeSource time) {
    return new Modules(modules).start(BuiltInController.of(properties, time));
  }
}
