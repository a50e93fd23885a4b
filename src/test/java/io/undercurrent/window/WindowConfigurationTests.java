package io.undercurrent.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class WindowConfigurationTests {

  private static final String WINDOWS = "undercurrent.health.windows";

  private final StandardEnvironment environment = new StandardEnvironment();

  @Test
  void hasNoneByDefault() {
    assertThat(windows(Map.of()).of("master").isAlways()).isTrue();
  }

  /** A variable is cut at commas, those between days included. */
  @Test
  void takesAListOrATextWithCommas() {
    var expected = TimeWindows.parse(List.of("22:00-06:00 UTC", "Sat,Sun 00:00-24:00 UTC"));

    assertThat(windows(Map.of(WINDOWS, "22:00-06:00 UTC,Sat,Sun 00:00-24:00 UTC")).of("master"))
        .isEqualTo(expected);
    assertThat(
            windows(
                    Map.of(
                        WINDOWS + "[0]", "22:00-06:00 UTC",
                        WINDOWS + "[1]", "Sat,Sun 00:00-24:00 UTC"))
                .of("master"))
        .isEqualTo(expected);
  }

  @Test
  void takesThoseOfOneDatabase() {
    var windows =
        windows(
            Map.of(
                WINDOWS,
                "22:00-06:00 UTC",
                "undercurrent.health.databases.stats.windows",
                "00:00-24:00 UTC"));

    assertThat(windows.of("master").words()).isEqualTo("22:00-06:00 UTC");
    assertThat(windows.of("stats").words()).isEqualTo("00:00-24:00 UTC");
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(
            () -> windows(Map.of("undercurrent.health.databases.stats.windows", "at night")))
        .withMessage(
            "undercurrent.health.windows: expected a time window such as 22:00-06:00 Europe/Berlin or Mon-Fri 22:00-06:00 UTC, found 'at night' (database 'stats')");
    assertThatThrownBy(() -> new WindowProperties(List.of("22:00-06:00")))
        .hasMessage(
            "undercurrent.health.windows: expected a time zone at its end, such as UTC or Europe/Berlin, found '22:00-06:00'");
  }

  private ConfiguredWindows windows(Map<String, String> properties) {
    var all = new HashMap<String, Object>(properties);
    all.put("undercurrent.databases.master.url", "jdbc:postgresql:a");
    all.put("undercurrent.databases.stats.url", "jdbc:postgresql:b");
    environment.getPropertySources().remove("test");
    environment.getPropertySources().addFirst(new MapPropertySource("test", all));
    try (var databases = Databases.from(environment, starting -> {})) {
      return new WindowConfiguration().configuredWindows(environment, databases);
    }
  }
}
