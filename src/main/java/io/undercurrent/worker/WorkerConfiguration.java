package io.undercurrent.worker;

import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.Workers;
import io.undercurrent.job.Jobs;
import io.undercurrent.time.TimeSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The two sides of several machines in an application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkersProperties.class)
class WorkerConfiguration {

  @Bean
  @Lazy
  Workers workers(WorkersProperties properties, Home home, TimeSource time) {
    return RemoteWorkers.of(properties, home, time);
  }

  @Bean
  @Lazy
  WorkerProcess workerProcess(
      WorkersProperties properties, Databases databases, Jobs jobs, RunnerContext context) {
    return new WorkerProcess(properties, databases, jobs, context);
  }
}
