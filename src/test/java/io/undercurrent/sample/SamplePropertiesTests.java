package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

class SamplePropertiesTests {

  private static final String SERVER_NAME = "undercurrent.homeserver.server-name";

  @Test
  void namesTheSampleWhereNoDatabaseIsConfigured() {
    assertThat(serverName(Map.of())).isEqualTo("sample.test");
  }

  @Test
  void leavesAConfiguredNameAlone() {
    assertThat(serverName(Map.of(SERVER_NAME, "example.org"))).isEqualTo("example.org");
  }

  @Test
  void guessesNoNameForAConfiguredDatabase() {
    assertThat(serverName(Map.of("undercurrent.databases[0].url", "jdbc:postgresql:x"))).isNull();
    assertThat(serverName(Map.of("undercurrent.databases.master.url", "jdbc:postgresql:x")))
        .isNull();
  }

  @Test
  void hasTheSamplesAppserviceUnlessOthersAreConfigured() {
    var own = "undercurrent.homeserver.appservices[0].sender";
    var users = "undercurrent.homeserver.appservices[0].exclusive-users[0]";

    assertThat(property(own, Map.of())).isEqualTo("@ircbot:sample.test");
    assertThat(property(users, Map.of())).isEqualTo("@irc_.*");
    assertThat(property(own, Map.of(own, "@bot:example.org"))).isEqualTo("@bot:example.org");
    assertThat(property(users, Map.of(own, "@bot:example.org"))).isNull();
    assertThat(property(own, Map.of("undercurrent.databases[0].url", "jdbc:postgresql:x")))
        .isNull();
  }

  private static @Nullable String serverName(Map<String, Object> configured) {
    return property(SERVER_NAME, configured);
  }

  private static @Nullable String property(String name, Map<String, Object> configured) {
    try (var context = new GenericApplicationContext()) {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("configured", configured));
      new SampleProperties().initialize(context);
      return context.getEnvironment().getProperty(name);
    }
  }
}
