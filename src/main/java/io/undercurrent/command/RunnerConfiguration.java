package io.undercurrent.command;

import io.undercurrent.controller.Controller;
import io.undercurrent.controller.ModuleBeans;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.execution.Workers;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.health.Signals;
import io.undercurrent.history.HistoryLimits;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.time.TimeSource;
import io.undercurrent.window.ConfiguredWindows;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Puts the engine together in an application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HistoryProperties.class)
class RunnerConfiguration {

  @Bean
  UpdateKinds updateKinds() {
    return ShippedKinds.all();
  }

  @Bean
  @Lazy
  BackgroundUpdates backgroundUpdates(Databases databases, Jobs jobs, RunnerContext context) {
    return new BackgroundUpdates(databases, jobs, context);
  }

  @Bean
  @Lazy
  RunnerContext runnerContext(
      Controller controller,
      BeanFactory beans,
      ModuleBeans modules,
      @Nullable RunnerListener listener,
      Clock clock,
      TimeSource time,
      HistoryProperties history,
      Workers workers,
      Signals signals,
      ConfiguredWindows windows) {
    return new RunnerContext(
        controller,
        new ApplicationBeans(beans, modules),
        FailurePolicy.STANDARD,
        listener == null ? RunnerListener.NONE : listener,
        clock,
        time,
        new HistoryLimits(history.retention(), history.samples()),
        workers,
        signals,
        windows);
  }
}
