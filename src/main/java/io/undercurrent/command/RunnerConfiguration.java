package io.undercurrent.command;

import io.undercurrent.controller.Controller;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.runner.RunnerContext;
import io.undercurrent.runner.RunnerListener;
import io.undercurrent.time.TimeSource;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
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
  BackgroundUpdates backgroundUpdates(
      Databases databases,
      Jobs jobs,
      Controller controller,
      BeanFactory beans,
      @Nullable RunnerListener listener,
      Clock clock,
      TimeSource time,
      HistoryProperties history) {
    return new BackgroundUpdates(
        databases,
        jobs,
        new RunnerContext(
            controller,
            new SpringBeans(beans),
            FailurePolicy.STANDARD,
            listener == null ? RunnerListener.NONE : listener,
            clock,
            time,
            history.retention()));
  }

  /** Finds processors and writers among the application's beans. */
  private record SpringBeans(BeanFactory beans) implements Beans {

    @Override
    public <T> T get(String name, Class<T> type) {
      try {
        return beans.getBean(name, type);
      } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException e) {
        throw new RefusedException(
            "expected a bean '%s' of type %s, found none".formatted(name, type.getSimpleName()), e);
      }
    }
  }
}
