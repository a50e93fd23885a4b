package io.undercurrent.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class UnknownPropertiesTests {

  private final Map<String, Object> file = new HashMap<>();
  private final Map<String, Object> variables = new HashMap<>();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "undercurrent.background-updates.sleep-duration",
        "undercurrent.backgroundUpdates.sleepDuration",
        "undercurrent.background_updates.sleep_duration",
        "undercurrent.modules",
        "undercurrent.modules[12].class",
        "undercurrent.modules[0].config",
        "undercurrent.modules[0].config.from",
        "undercurrent.modules[0].config.any.thing[1]",
        "undercurrent.modules-directory",
        "undercurrent.jobs-directory",
        "undercurrent.home",
        "undercurrent.admin.enabled",
        "undercurrent.admin.address",
        "undercurrent.admin.port",
        "undercurrent.admin.management-port",
        "undercurrent.admin.ssl-bundle",
        "undercurrent.admin.homeserver-tokens",
        "undercurrent.main-database",
        "undercurrent.databases[0].name",
        "undercurrent.databases[0].url",
        "undercurrent.databases.stats.username",
        "undercurrent.databases.stats.password",
        "undercurrent.health.waiting-sessions.hold",
        "undercurrent.health.vacuum.any",
        "undercurrent.health.sql-probe.sql",
        "undercurrent.health.databases.stats.http-probe.header",
        "undercurrent.homeserver.server-name",
        "undercurrent.homeserver.appservices[1].sender",
        "undercurrent.homeserver.appservices[1].exclusive-users",
        "undercurrent.homeserver.appservices[1].exclusive-users[2]",
        "undercurrents.anything",
        "under-current",
        "spring.anything"
      })
  void leavesAKnownPropertyAlone(String name) {
    file.put(name, "x");

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNDERCURRENT_BACKGROUNDUPDATES_SLEEPDURATION",
        "UNDERCURRENT_BACKGROUND_UPDATES_SLEEP_DURATION",
        "undercurrent_backgroundupdates_sleepduration",
        "UNDERCURRENT_HOME",
        "UNDERCURRENT_DATABASES_0_URL",
        "UNDERCURRENT_DATABASES_STATS_URL",
        "UNDERCURRENT_MODULES_0_CLASS",
        "UNDERCURRENT_MODULES_0_CONFIG_FROM",
        "UNDERCURRENT_HOMESERVER_APPSERVICES_10_EXCLUSIVEUSERS_3",
        "UNDERCURRENT_SERVICE_HOST",
        "UNDERCURRENT_SERVICE_PORT_HTTP",
        "UNDERCURRENT_PORT",
        "UNDERCURRENT_PORT_8080_TCP_ADDR",
        "UNDERCURRENTS_ANYTHING"
      })
  void leavesAKnownVariableAlone(String name) {
    variables.put(name, "x");

    assertThat(problems()).isEmpty();
  }

  @Test
  void findsADatabaseOfSeveralWordsInAVariableOnlyWhereAFileHasItToo() {
    variables.put("UNDERCURRENT_DATABASES_MY_DB_PASSWORD", "x");
    assertThat(problems())
        .containsExactly(
            "UNDERCURRENT_DATABASES_MY_DB_PASSWORD: unknown property; a name of several words goes"
                + " into UNDERCURRENT_DATABASES_0_NAME (from an environment variable)");

    file.put("undercurrent.databases.my_db.url", "x");
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "undercurrent.background-update.sleep-duration,"
        + " undercurrent.background-updates.sleep-duration",
    "undercurrent.background-updates.min_batchsizes,"
        + " undercurrent.background-updates.min-batch-size",
    "undercurrent.modules[3].clas, undercurrent.modules[3].class",
    "undercurrent.homeserver.appservices[0].exclusive-user[1],"
        + " undercurrent.homeserver.appservices[0].exclusive-users[1]",
    "undercurrent.databases.stats.user, undercurrent.databases.stats.username",
    "undercurrent.databases[1].pasword, undercurrent.databases[1].password",
    "undercurrent.job-directory, undercurrent.jobs-directory"
  })
  void guessesWhichPropertyWasMeant(String name, String meant) {
    file.put(name, "x");

    assertThat(problems())
        .containsExactly(
            "%s: unknown property, did you mean '%s'? (from application.yaml)"
                .formatted(name, meant));
  }

  @ParameterizedTest
  @CsvSource({
    "UNDERCURRENT_BACKGROUNDUPDATE_SLEEPDURATION, UNDERCURRENT_BACKGROUNDUPDATES_SLEEPDURATION",
    "UNDERCURRENT_MODULES_3_CLAS, UNDERCURRENT_MODULES_3_CLASS",
    "UNDERCURRENT_HOM, UNDERCURRENT_HOME",
    "UNDERCURRENT_JOBS_DIRECTOR, UNDERCURRENT_JOBSDIRECTORY"
  })
  void guessesWhichVariableWasMeant(String name, String meant) {
    variables.put(name, "x");

    assertThat(problems())
        .containsExactly(
            "%s: unknown property, did you mean '%s'? (from an environment variable)"
                .formatted(name, meant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "undercurrent.zzz",
        "undercurrent.modules.class",
        "undercurrent.modules[0]",
        "undercurrent.jobs-directory[0]",
        "undercurrent.background-updates",
        "undercurrent.background-updates.sleep-duration.x"
      })
  void refusesAnUnknownProperty(String name) {
    file.put(name, "x");

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith(name + ": unknown property")
        .endsWith(" (from application.yaml)");
  }

  @Test
  void leavesAHeadingAloneThatHasNothingBelow() {
    file.put("undercurrent.background-updates", "");
    file.put("undercurrent.modules[0]", "");
    file.put("undercurrent.zzz", "");

    assertThat(problems())
        .containsExactly("undercurrent.zzz: unknown property (from application.yaml)");
  }

  @Test
  void refusesToStartWithAllProblemsAtOnce() throws IOException {
    var config =
        Files.writeString(
            directory.resolve("application.yaml"),
            """
            undercurrent:
              background-updates:
                min-batch-size: 1
                min-batchsizes: 2
              homeserver:
            """);
    System.setProperty("undercurrent.zzz", "x");
    try {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(
              () ->
                  new SpringApplicationBuilder(Nothing.class)
                      .web(WebApplicationType.NONE)
                      .bannerMode(Banner.Mode.OFF)
                      .run("--undercurrent.jobsdir=x", "--spring.config.location=" + config))
          .withMessage(
              """
              undercurrent.jobsdir: unknown property, did you mean \
              'undercurrent.jobs-directory'? (from the command line)
              undercurrent.zzz: unknown property (from a system property)
              undercurrent.background-updates.min-batchsizes: unknown property, did you mean \
              'undercurrent.background-updates.min-batch-size'? (from %s:4)""",
              config);
    } finally {
      System.clearProperty("undercurrent.zzz");
    }
  }

  private List<String> problems() {
    var environment = new StandardEnvironment();
    var sources = environment.getPropertySources();
    sources.replace(
        "systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables));
    sources.addLast(new MapPropertySource("application.yaml", file));
    return new UnknownProperties().problems(environment);
  }

  /** An application without anything. */
  @Configuration
  static class Nothing {}
}
