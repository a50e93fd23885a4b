package io.undercurrent.health;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.database.registry.SectionOfDatabase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** The signals of an application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HealthProperties.class)
class HealthConfiguration {

  @Bean
  @Lazy
  Signals signals(HealthProperties properties, Environment environment, Databases databases) {
    requireKnown(properties.databases().keySet(), databases);
    var ofDatabases = new LinkedHashMap<String, HealthSignals>();
    for (var name : databases.names()) {
      var signals =
          new HealthSignals(
              SectionOfDatabase.bind(
                  environment, HealthProperties.PREFIX, name, HealthProperties.class));
      require(signals, name);
      ofDatabases.put(name, signals);
    }
    return new SignalsByDatabase(ofDatabases);
  }

  private static void requireKnown(Set<String> named, Databases databases) {
    var known =
        databases.names().stream().map(HealthConfiguration::section).collect(Collectors.toSet());
    for (var name : named) {
      if (!known.contains(section(name))) {
        throw new RefusedException(
            "%s.databases.%s: expected a configured database (%s)%s"
                .formatted(
                    HealthProperties.PREFIX,
                    name,
                    String.join(", ", databases.names()),
                    DidYouMean.hint(name, databases.names())));
      }
    }
  }

  private static ConfigurationPropertyName section(String database) {
    return SectionOfDatabase.name(HealthProperties.PREFIX, database);
  }

  private static void require(HealthSignals signals, String name) {
    try {
      signals.of(name);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("%s (database '%s')".formatted(e.getMessage(), name), e);
    }
  }

  /** The signals of several databases, by the databases' names. */
  private record SignalsByDatabase(Map<String, HealthSignals> signals) implements Signals {

    @Override
    public List<Signal> of(String database) {
      return signals(database).of(database);
    }

    @Override
    public Duration unknownAfter(String database) {
      return signals(database).unknownAfter(database);
    }

    private HealthSignals signals(String database) {
      return Objects.requireNonNull(signals.get(database), database);
    }
  }
}
