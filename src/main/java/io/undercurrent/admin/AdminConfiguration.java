package io.undercurrent.admin;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.undercurrent.access.OwnTokens;
import io.undercurrent.admin.metrics.Availability;
import io.undercurrent.admin.metrics.ProcessMeters;
import io.undercurrent.admin.metrics.QueueLooks;
import io.undercurrent.admin.metrics.RequestMeter;
import io.undercurrent.admin.metrics.UpdateMetrics;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.time.TimeSource;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Serves HTTP where the configuration or the verb asks for it.
 *
 * <p>Health and metrics do without Actuator's auto-configuration, like everything here: for a port
 * of its own it needs a web application as parent, and ours begins only when its port is free and
 * ends first.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("undercurrent.admin.enabled")
@EnableConfigurationProperties(AdminProperties.class)
class AdminConfiguration {

  @Bean
  Availability availability() {
    return new Availability();
  }

  @Bean
  PrometheusMeterRegistry meterRegistry() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  @Bean(initMethod = "start")
  @Lazy(false)
  ManagementServer managementServer(
      AdminProperties properties, Availability availability, PrometheusMeterRegistry registry) {
    return new ManagementServer(properties.managementPort(), availability, registry);
  }

  // Readiness must be answered until the runners, which report to this, have ended.
  @Bean
  @DependsOn("managementServer")
  UpdateMetrics updateMetrics(
      PrometheusMeterRegistry registry,
      Availability availability,
      Environment environment,
      TimeSource time) {
    var serverName = environment.getProperty("undercurrent.homeserver.server-name", "");
    return new UpdateMetrics(registry, availability, serverName, time);
  }

  @Bean
  @Lazy(false)
  ProcessMeters processMeters(PrometheusMeterRegistry registry, Availability availability) {
    return new ProcessMeters(registry, availability);
  }

  @Bean
  QueueLooks queueLooks(
      ObjectProvider<BackgroundUpdates> updates,
      ObjectProvider<Databases> databases,
      UpdateMetrics metrics) {
    return new QueueLooks(updates::getObject, databases::getObject, metrics);
  }

  @Bean
  HttpServer httpServer(
      AdminProperties properties,
      ConfigurableEnvironment environment,
      ObjectProvider<BackgroundUpdates> updates,
      ObjectProvider<Databases> databases,
      OwnTokens tokens,
      PrometheusMeterRegistry registry,
      Clock clock) {
    return new HttpServer(
        properties,
        environment,
        new RequestMeter(registry, Routes::isPath),
        () -> new AdminServices(updates.getObject(), databases.getObject(), tokens, clock));
  }
}
