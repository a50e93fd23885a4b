package io.undercurrent.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.controller.Controller;
import io.undercurrent.database.RefusedException;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.time.TimeSource;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ConfigurationFailureTests {

  @Test
  void findsARefusalBehindOtherExceptions() {
    var failure = new IllegalStateException("outer", new RefusedException("no such job"));

    assertThat(ConfigurationFailure.message(failure)).hasValue("no such job");
  }

  @Test
  void hasNoWordsForADefect() {
    assertThat(
            ConfigurationFailure.message(new IllegalStateException("bug", new RuntimeException())))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pause | soon | a duration such as 100ms or 2s
          size | 1.5 | an integer
          enabled | maybe | true or false
          host | [x] | an IP address or the name of a host
          letter | ab | a value of type Character
          """)
  void saysWhatAPropertyIsExpectedToBe(String key, String value, String expected) {
    assertThat(ConfigurationFailure.message(failureToBind(key, value)))
        .hasValue(
            "acme.%s: expected %s, got '%s' (from application.yaml)"
                .formatted(key, expected, value));
  }

  @Test
  void takesTheWordsOfPropertiesThatCheckThemselves() {
    assertThat(
            ConfigurationFailure.message(
                failureToStart("undercurrent.background-updates.min-batch-size=0")))
        .hasValue(
            "undercurrent.background-updates.min-batch-size: expected a number above 0, got 0");
  }

  @Test
  void takesTheWordsOfAModuleThatCannotBeLoaded() {
    assertThat(
            ConfigurationFailure.message(failureToStart("undercurrent.modules[0].config.from=x")))
        .hasValue("undercurrent.modules[0].class: expected the name of a class, found nothing");
  }

  @Test
  void namesAGapInAList() {
    assertThat(ConfigurationFailure.message(failureToStart("undercurrent.modules[1].class=x")))
        .hasValue(
            "undercurrent.modules: expected indexes that count up from 0, got"
                + " undercurrent.modules[1].class");
  }

  @Test
  void namesAHeadingOfAListThatHasNothingBelow() {
    assertThat(ConfigurationFailure.message(failureToStart("undercurrent.modules[0]=")))
        .hasValue("undercurrent.modules[0]: expected properties below it, found none");
  }

  @Test
  void isNoneWhereAHeadingHasNothingBelow() {
    application()
        .withPropertyValues(
            "undercurrent.background-updates=",
            "undercurrent.databases=",
            "undercurrent.homeserver=",
            "undercurrent.modules=")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(Controller.class).source())
                  .isEqualTo("the built-in controller");
            });
  }

  private static Throwable failureToBind(String key, String value) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addLast(new MapPropertySource("application.yaml", Map.of("acme." + key, value)));
    return catchThrowable(() -> Binder.get(environment).bind("acme", Bindable.of(Acme.class)));
  }

  private static Throwable failureToStart(String property) {
    var failure = new AtomicReference<Throwable>();
    application()
        .withPropertyValues(property)
        .run(context -> failure.set(context.getStartupFailure()));
    return failure.get();
  }

  private static ApplicationContextRunner application() {
    return new ApplicationContextRunner()
        .withUserConfiguration(Controllers.class)
        .withBean(TimeSource.class, () -> TimeSource.SYSTEM)
        .withBean(UpdateKinds.class, ShippedKinds::all);
  }

  /** Some properties. */
  record Acme(Duration pause, int size, boolean enabled, InetAddress host, Character letter) {}

  /** An application that does nothing. */
  @Configuration
  @ComponentScan({"io.undercurrent.controller", "io.undercurrent.database", "io.undercurrent.job"})
  static class Controllers {}
}
