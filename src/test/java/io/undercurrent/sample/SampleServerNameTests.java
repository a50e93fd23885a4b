package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

class SampleServerNameTests {

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

  private static @Nullable String serverName(Map<String, Object> configured) {
    try (var context = new GenericApplicationContext()) {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("configured", configured));
      new SampleServerName().initialize(context);
      return context.getEnvironment().getProperty(SERVER_NAME);
    }
  }
}
