package io.undercurrent.controller;

import io.undercurrent.time.TimeSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts the modules, and makes the controller from the configuration. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ControllerProperties.class, ModuleProperties.class})
class ControllerConfiguration {

  @Bean
  Controller controller(StartedModules modules) {
    return modules.controller();
  }

  @Bean
  ModuleBeans moduleBeans(StartedModules modules) {
    return modules.beans();
  }

  @Bean
  StartedModules startedModules(
      ControllerProperties properties, ModuleProperties modules, TimeSource time) {
    return new Modules(modules).start(BuiltInController.of(properties, time));
  }
}
