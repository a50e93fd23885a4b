package io.undercurrent.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.configuration.ConfigurationFailure;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class HealthConfigurationTests {

  private static final String SESSIONS = "undercurrent.health.active-sessions.";

  private final StandardEnvironment environment = new StandardEnvironment();

  HealthConfigurationTests() {
    set(
        "undercurrent.databases.master.url=jdbc:postgresql:a",
        "undercurrent.databases.my_stats.url=jdbc:postgresql:b");
  }

  @Test
  void leavesASignalOffUntilItHasAThreshold() {
    assertThat(sessions("master").hold()).isNull();

    set(SESSIONS + "hold=20", SESSIONS + "back-off=5s", SESSIONS + "if-unknown=go");
    assertThat(sessions("master"))
        .isEqualTo(new Limits(20.0, null, Duration.ofSeconds(5), false, Unit.COUNT));
  }

  @Test
  void takesWhatOneDatabaseHasOtherwise() {
    set(
        SESSIONS + "hold=20",
        SESSIONS + "critical=80",
        "undercurrent.health.databases.my_stats.active-sessions.hold=60",
        "undercurrent.health.databases.my_stats.unknown-after=5m");
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                "ours-systemEnvironment",
                Map.of("UNDERCURRENT_HEALTH_DATABASES_MASTER_ACTIVESESSIONS_BACKOFF", "7s")));

    assertThat(sessions("master"))
        .isEqualTo(new Limits(20.0, 80.0, Duration.ofSeconds(7), true, Unit.COUNT));
    assertThat(sessions("my_stats"))
        .isEqualTo(new Limits(60.0, 80.0, Duration.ZERO, true, Unit.COUNT));
    assertThat(signals().unknownAfter("my_stats")).isEqualTo(Duration.ofMinutes(5));
    assertThat(signals().unknownAfter("master")).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void expectsStandbysOfEachDatabase() {
    set(
        "undercurrent.health.standbys.expected=standby_1, standby_2",
        "undercurrent.health.standbys.hold=1",
        "undercurrent.health.databases.my_stats.standbys.expected[0]=Other");

    assertThat(standbys("master"))
        .returns(List.of("standby_1", "standby_2"), ExpectedStandbys::expected)
        .returns(1.0, signal -> signal.limits().hold());
    assertThat(standbys("my_stats"))
        .returns(List.of("Other"), ExpectedStandbys::expected)
        .returns(1.0, signal -> signal.limits().hold());
  }

  private ExpectedStandbys standbys(String database) {
    return signals().of(database).stream()
        .filter(ExpectedStandbys.class::isInstance)
        .map(ExpectedStandbys.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void asksWhatAnOperatorWants() {
    set(
        "undercurrent.health.sql-probe.sql=SELECT 1",
        "undercurrent.health.sql-probe.hold=7",
        "undercurrent.health.vacuum.any=true",
        "undercurrent.health.databases.master.http-probe.url=http://localhost/",
        "undercurrent.health.databases.master.http-probe.timeout=1s");

    assertThat(limits("my_stats", SqlProbe.NAME).hold()).isEqualTo(7);
    assertThat(limits("my_stats", HttpProbe.NAME).hold()).isNull();
    assertThat(limits("master", HttpProbe.NAME).hold()).isZero();
    assertThat(signals().of("master"))
        .anySatisfy(
            signal -> assertThat(signal).isEqualTo(new Vacuum(Vacuum.of(null).limits(), true)));
  }

  @Test
  void refusesADatabaseThatIsNotConfigured() {
    set("undercurrent.health.databases.mastr.active-sessions.hold=20");

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(this::signals)
        .withMessageStartingWith(
            "undercurrent.health.databases.mastr: expected a configured database (")
        .withMessageContaining("did you mean 'master'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "hold=20, critical=10; critical: expected off, or at least hold, which is 20, got 10",
        "critical=10; critical: expected off where hold is off, got 10",
        "hold=many; hold: expected a number of 0 or more or off, got 'many'",
        "hold=Infinity; hold: expected a number of 0 or more or off, got 'Infinity'",
        "hold=20, back-off=-1s; back-off: expected a duration of 0 or more, got -1000ms",
        "hold=20, if-unknown=stay; if-unknown: expected one of hold, go, got 'stay'"
      })
  void refusesWhatMakesNoSense(String properties, String problem) {
    set(Stream.of(properties.split(", ")).map(SESSIONS::concat).toArray(String[]::new));

    assertThatThrownBy(this::signals)
        .satisfies(
            thrown ->
                assertThat(ConfigurationFailure.message(thrown))
                    .hasValueSatisfying(said -> assertThat(said).startsWith(SESSIONS + problem)));
  }

  @ParameterizedTest
  @CsvSource({
    "oldest-transaction.hold, 10, a duration such as 10s or off",
    "oldest-transaction.hold, 999999999999d, a duration such as 10s or off",
    "slots.hold, -1GB, a size such as 512MB or off"
  })
  void refusesWhatHasNoUnitOrIsNone(String property, String value, String expected) {
    set("undercurrent.health." + property + "=" + value);

    assertThatThrownBy(this::signals)
        .satisfies(
            thrown ->
                assertThat(ConfigurationFailure.message(thrown))
                    .hasValueSatisfying(
                        said ->
                            assertThat(said)
                                .startsWith(
                                    "undercurrent.health.%s: expected %s, got '%s'"
                                        .formatted(property, expected, value))));
  }

  @Test
  void refusesAProbeThatMayTakeNoTime() {
    set(
        "undercurrent.health.http-probe.url=http://localhost/",
        "undercurrent.health.http-probe.timeout=0s");

    assertThatThrownBy(this::signals)
        .satisfies(
            thrown ->
                assertThat(ConfigurationFailure.message(thrown))
                    .hasValueSatisfying(
                        said ->
                            assertThat(said)
                                .startsWith(
                                    "undercurrent.health.http-probe.timeout: expected a duration above 0, got 0ms")));
  }

  @Test
  void refusesToKnowNothingAtOnce() {
    set("undercurrent.health.unknown-after=0s");

    assertThatThrownBy(this::signals)
        .satisfies(
            thrown ->
                assertThat(ConfigurationFailure.message(thrown))
                    .hasValue(
                        "undercurrent.health.unknown-after: expected a duration above 0, got 0ms"));
  }

  private Limits sessions(String database) {
    return limits(database, ActiveSessions.NAME);
  }

  private Limits limits(String database, String name) {
    return signals().of(database).stream()
        .filter(signal -> signal.name().equals(name))
        .findFirst()
        .orElseThrow()
        .limits();
  }

  private Signals signals() {
    var properties =
        Binder.get(environment).bindOrCreate(HealthProperties.PREFIX, HealthProperties.class);
    try (var databases = Databases.from(environment, starting -> {})) {
      return new HealthConfiguration().signals(properties, environment, databases);
    }
  }

  private void set(String... properties) {
    var map = new HashMap<String, Object>();
    Arrays.stream(properties)
        .map(property -> property.split("=", 2))
        .forEach(parts -> map.put(parts[0], parts[1]));
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("properties " + map.keySet(), map));
  }
}
