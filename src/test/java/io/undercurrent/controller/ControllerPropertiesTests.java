package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ControllerPropertiesTests {

  @Test
  void hasDefaults() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new ControllerProperties(
                true, Duration.ofSeconds(1), Duration.ofMillis(100), 100, 100, PaceRule.ADAPTIVE));
  }

  @Test
  void readsEverythingFromTheConfiguration() {
    var properties =
        bind(
            Map.of(
                "undercurrent.background-updates.sleep-enabled", "false",
                "undercurrent.background-updates.sleep-duration", "0ms",
                "undercurrent.background-updates.update-duration", "2s",
                "undercurrent.background-updates.default-batch-size", "7",
                "undercurrent.background-updates.min-batch-size", "1",
                "undercurrent.background-updates.pace", "reference"));

    assertThat(properties)
        .isEqualTo(
            new ControllerProperties(
                false, Duration.ofMillis(0), Duration.ofSeconds(2), 7, 1, PaceRule.REFERENCE));
  }

  @ParameterizedTest
  @CsvSource({
    "sleep-duration, -1s, 'a duration of 0 or more, got -1000ms'",
    "update-duration, 0s, 'a duration above 0, got 0ms'",
    "update-duration, -1ms, 'a duration above 0, got -1ms'",
    "default-batch-size, 0, 'a number above 0, got 0'",
    "min-batch-size, -3, 'a number above 0, got -3'"
  })
  void refusesAValueOutOfRange(String key, String value, String expected) {
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> bind(Map.of("undercurrent.background-updates." + key, value)))
        .havingRootCause()
        .withMessage("undercurrent.background-updates.%s: expected %s", key, expected);
  }

  @Test
  void namesAllProblemsAtOnce() {
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(
            () ->
                bind(
                    Map.of(
                        "undercurrent.background-updates.default-batch-size", "0",
                        "undercurrent.background-updates.min-batch-size", "0")))
        .havingRootCause()
        .withMessage(
            """
            undercurrent.background-updates.default-batch-size: expected a number above 0, got 0
            undercurrent.background-updates.min-batch-size: expected a number above 0, got 0""");
  }

  private static ControllerProperties bind(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate(ControllerProperties.PREFIX, ControllerProperties.class);
  }
}
