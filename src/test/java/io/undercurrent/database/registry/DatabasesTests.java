package io.undercurrent.database.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.RefusedException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class DatabasesTests {

  @Test
  void readsAList() {
    try (var databases =
        databases(
            "undercurrent.databases[0].name=state",
            "undercurrent.databases[0].url=jdbc:postgresql://a/s",
            "undercurrent.databases[1].name=master",
            "undercurrent.databases[1].url=jdbc:postgresql://b/m",
            "undercurrent.databases[1].username=u",
            "undercurrent.databases[1].password=p")) {
      assertThat(databases.names()).containsExactly("master", "state");
      assertThat(databases.main().settings())
          .isEqualTo(new DatabaseSettings("master", "jdbc:postgresql://b/m", "u", "p"));
      assertThat(databases.get("state").settings())
          .isEqualTo(new DatabaseSettings("state", "jdbc:postgresql://a/s", null, null));
    }
  }

  @Test
  void readsDatabasesByName() {
    try (var databases =
        databases(
            "undercurrent.databases.state.url=jdbc:postgresql://a/s",
            "undercurrent.databases.master.url=jdbc:postgresql://b/m",
            "undercurrent.databases.master.username=u")) {
      assertThat(databases.names()).containsExactly("master", "state");
      assertThat(databases.main().settings())
          .isEqualTo(new DatabaseSettings("master", "jdbc:postgresql://b/m", "u", null));
    }
  }

  @Test
  void readsBothFormsTogether() {
    try (var databases =
        databases(
            "undercurrent.databases[0].name=state",
            "undercurrent.databases[0].url=jdbc:postgresql://a/s",
            "undercurrent.databases.extra.url=jdbc:postgresql://b/e",
            "undercurrent.main-database=extra")) {
      assertThat(databases.names()).containsExactly("extra", "state");
    }
  }

  @Test
  void readsTheListFromTheProcessEnvironment() {
    try (var databases =
        Databases.from(
            processEnvironment(
                "UNDERCURRENT_DATABASES_0_URL=jdbc:postgresql://a/s",
                "UNDERCURRENT_DATABASES_0_NAME=state",
                "UNDERCURRENT_DATABASES_0_PASSWORD=p"),
            starting -> {})) {
      assertThat(databases.names()).containsExactly("state");
      assertThat(databases.main().settings())
          .isEqualTo(new DatabaseSettings("state", "jdbc:postgresql://a/s", null, "p"));
    }
  }

  @Test
  void readsDatabasesByNameFromTheProcessEnvironment() {
    try (var databases =
        Databases.from(
            processEnvironment(
                "UNDERCURRENT_DATABASES_MASTER_URL=jdbc:postgresql://a/m",
                "UNDERCURRENT_DATABASES_MASTER_USERNAME=u",
                "UNDERCURRENT_DATABASES_STATE_URL=jdbc:postgresql://a/s",
                "UNDERCURRENT_MAIN_DATABASE=state"),
            starting -> {})) {
      assertThat(databases.names()).containsExactly("state", "master");
      assertThat(databases.get("master").settings().username()).isEqualTo("u");
    }
  }

  @Test
  void takesAPasswordFromTheProcessEnvironmentAndTheRestFromAFile() {
    var environment =
        processEnvironment(
            "UNDERCURRENT_DATABASES_1_PASSWORD=p",
            "UNDERCURRENT_DATABASES_MYDB_PASSWORD=q",
            "UNDERCURRENT_DATABASES_ARCHIVE_PASSWORD=r");
    addFile(
        environment,
        "undercurrent.databases[0].name=master",
        "undercurrent.databases[0].url=jdbc:postgresql://a/m",
        "undercurrent.databases[1].name=state",
        "undercurrent.databases[1].url=jdbc:postgresql://a/s",
        "undercurrent.databases.my-db.url=jdbc:postgresql://a/d",
        "undercurrent.databases.Archive.url=jdbc:postgresql://a/a");

    try (var databases = Databases.from(environment, starting -> {})) {
      assertThat(databases.names()).containsExactly("master", "state", "my-db", "Archive");
      assertThat(databases.names())
          .extracting(name -> databases.get(name).settings().password())
          .containsExactly(null, "p", "q", "r");
    }
  }

  @Test
  void takesWhatIsEmptyForNothing(@TempDir Path home) {
    try (var databases =
        databases(
            "undercurrent.databases=",
            "undercurrent.main-database=",
            "undercurrent.home=" + home)) {
      assertThat(databases.embedded()).isTrue();
    }
  }

  @Test
  void refusesADatabaseOfWhichNothingIsSet() {
    assertThatThrownBy(() -> databases("undercurrent.databases.state="))
        .isExactlyInstanceOf(BindException.class);
  }

  @Test
  void refusesAGapInTheList() {
    refuses(
        "undercurrent.databases: expected indexes that count up from 0, got 0, 2",
        "undercurrent.databases[0].url=jdbc:postgresql://a/s",
        "undercurrent.databases[2].url=jdbc:postgresql://a/t");
    refuses(
        "undercurrent.databases: expected indexes that count up from 0, got 7",
        "undercurrent.databases.7.url=jdbc:postgresql://a/s");
  }

  @Test
  void callsTheOnlyDatabaseMaster() {
    try (var databases = databases("undercurrent.databases[0].url=jdbc:postgresql://a/s")) {
      assertThat(databases.names()).containsExactly("master");
    }
  }

  @Test
  void asksWhichIsTheMainDatabase() {
    refuses(
        "undercurrent.main-database: expected one of 'state', 'events', because none is called 'master', got nothing",
        "undercurrent.databases[0].name=state",
        "undercurrent.databases[0].url=jdbc:postgresql://a/s",
        "undercurrent.databases[1].name=events",
        "undercurrent.databases[1].url=jdbc:postgresql://a/e");
  }

  @Test
  void refusesAMainDatabaseThatIsNotConfigured() {
    refuses(
        "undercurrent.main-database: expected one of 'state', got 'stat', did you mean 'state'?",
        "undercurrent.main-database=stat",
        "undercurrent.databases.state.url=jdbc:postgresql://a/s");
  }

  @Test
  void refusesADatabaseWithoutUrl() {
    refuses(
        "undercurrent.databases[0].url: expected jdbc:postgresql://HOST:PORT/DATABASE, got nothing",
        "undercurrent.databases[0].name=master");
    refuses(
        "undercurrent.databases.state.url: expected jdbc:postgresql://HOST:PORT/DATABASE, got nothing",
        "undercurrent.databases.state.username=u");
    refuses(
        "undercurrent.databases.state.url: expected jdbc:postgresql://HOST:PORT/DATABASE, got nothing",
        "undercurrent.databases.state.url= ");
  }

  @Test
  void refusesWhatIsNoPostgresqlUrl() {
    refuses(
        "undercurrent.databases.state.url: expected jdbc:postgresql://HOST:PORT/DATABASE, got 'jdbc:mysql://a/s'",
        "undercurrent.databases.state.url=jdbc:mysql://a/s");
    refuses(
        "undercurrent.databases[0].url: expected jdbc:postgresql://HOST:PORT/DATABASE, got 'postgres://u:***@a/s'",
        "undercurrent.databases[0].url=postgres://u:hush@a/s");
    refuses(
        "undercurrent.databases[0].url: expected jdbc:postgresql://HOST:PORT/DATABASE, got 'jdbc:postgresql://a:b/s'",
        "undercurrent.databases[0].url=jdbc:postgresql://a:b/s");
  }

  @Test
  void refusesALoginInAUrl() {
    refuses(
        "undercurrent.databases[0].url: expected jdbc:postgresql://HOST:PORT/DATABASE, got 'jdbc:postgresql://u:***@a/s'. Put the login into username and password",
        "undercurrent.databases[0].url=jdbc:postgresql://u:hush@a/s");
  }

  @Test
  void refusesADatabaseWithoutName() {
    refuses(
        "undercurrent.databases[1].name: expected a name of letters, digits, '_', '-' and '.', got nothing",
        "undercurrent.databases[0].name=master",
        "undercurrent.databases[0].url=jdbc:postgresql://a/s",
        "undercurrent.databases[1].url=jdbc:postgresql://a/t");
    refuses(
        "undercurrent.databases[0].name: expected a name of letters, digits, '_', '-' and '.', got 'my db'",
        "undercurrent.databases[0].name=my db",
        "undercurrent.databases[0].url=jdbc:postgresql://a/s");
  }

  @Test
  void refusesTheSameNameTwice() {
    refuses(
        "undercurrent.databases.master: expected a unique name, got 'master', which undercurrent.databases[0] has too. Rename one of them",
        "undercurrent.databases[0].name=master",
        "undercurrent.databases[0].url=jdbc:postgresql://a/s",
        "undercurrent.databases.master.url=jdbc:postgresql://a/t");
  }

  @Test
  void refusesAnUnknownNameWithAGuess() {
    try (var databases = Databases.of(settings("master"), settings("state"))) {
      assertThatThrownBy(() -> databases.get("sate"))
          .isExactlyInstanceOf(RefusedException.class)
          .hasMessage(
              "Expected a configured database ('master', 'state'), got 'sate', did you mean 'state'?");
    }
  }

  @Test
  void handsOutTheSameDatabaseEveryTime() {
    try (var databases = Databases.of(settings("other"), settings("master"))) {
      assertThat(databases.main()).isSameAs(databases.get("other"));
    }
  }

  @Test
  void namesTheEmbeddedDatabaseWithoutStartingItsServer(@TempDir Path home) {
    try (var databases =
        databases("undercurrent.home=" + home.resolve("h"), "undercurrent.main-database=master")) {
      assertThat(databases.names()).containsExactly("master");
      assertThat(home).isEmptyDirectory();
    }
  }

  private static DatabaseSettings settings(String name) {
    return new DatabaseSettings(name, "jdbc:postgresql://a/" + name, null, null);
  }

  private static void refuses(String message, String... properties) {
    assertThatThrownBy(() -> databases(properties))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(message);
  }

  private static Databases databases(String... properties) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", map(properties)));
    return Databases.from(environment, starting -> {});
  }

  private static void addFile(StandardEnvironment environment, String... properties) {
    environment.getPropertySources().addLast(new MapPropertySource("file", map(properties)));
  }

  private static StandardEnvironment processEnvironment(String... variables) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, map(variables)));
    return environment;
  }

  private static Map<String, Object> map(String... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (var pair : pairs) {
      map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return map;
  }
}
