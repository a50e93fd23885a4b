package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/synapse?user=u&password=hush",
        "jdbc:postgresql://db/synapse?password=hush&ssl=true",
        "jdbc:postgresql://db/synapse?sslpassword=hush",
        "jdbc:postgresql://u:hush@db/synapse",
        "jdbc:postgresql://u:p@hush@db/synapse",
        "jdbc:postgresql://u:p/hush@db/synapse",
        "jdbc:postgresql://u:p?a=hush@db/synapse",
        "jdbc:postgresql://db/synapse;password=hush",
      })
  void showsNoPassword(String url) {
    var settings = new DatabaseSettings("master", url, "u", "hush");

    assertThat(settings.toString()).startsWith("master (jdbc:postgresql://").doesNotContain("hush");
    assertThat("%s".formatted(settings)).contains("/synapse");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://db:5433/synapse, db:5433/synapse",
    "jdbc:postgresql://db/synapse?password=hush, db:5432/synapse",
    "jdbc:postgresql:synapse, localhost:5432/synapse",
    "'jdbc:postgresql://a:1,b:2/synapse', 'a:1,b:2/synapse'",
  })
  void tellsWhereTheDatabaseIs(String url, String location) {
    assertThat(new DatabaseSettings("master", url, null, null).location()).isEqualTo(location);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:postgresql://a:1,b:2/x?ssl=true                           | jdbc:postgresql://a:1/x?ssl=true jdbc:postgresql://b:2/x?ssl=true
          jdbc:postgresql://a,[::1]:2/x?targetServerType=primary         | jdbc:postgresql://a/x? jdbc:postgresql://[::1]:2/x?
          jdbc:postgresql://a,b/x?targetServerType=any&ssl=true          | jdbc:postgresql://a/x?ssl=true jdbc:postgresql://b/x?ssl=true
          jdbc:postgresql://a/x                                          | jdbc:postgresql://a/x
          jdbc:postgresql:x                                              | jdbc:postgresql:x
          """)
  void namesEachServerAlone(String url, String each) {
    assertThat(new DatabaseSettings("master", url, null, null).urlsOfHosts())
        .containsExactly(each.split(" "));
  }

  @Test
  void keepsTheRestOfTheUrl() {
    var settings =
        new DatabaseSettings("master", "jdbc:postgresql://db/x?password=hush&ssl=true", null, null);

    assertThat(settings).hasToString("master (jdbc:postgresql://db/x?password=***&ssl=true)");
  }
}
