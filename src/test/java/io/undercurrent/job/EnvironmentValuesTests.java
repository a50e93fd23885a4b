package io.undercurrent.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class EnvironmentValuesTests {

  private static final String SENDERS = "undercurrent.homeserver.appservices[*].sender";
  private static final String USERS = "undercurrent.homeserver.appservices[*].exclusive-users[*]";

  private final Map<String, Object> file = new HashMap<>();
  private final Map<String, Object> variables = new HashMap<>();

  @Test
  void knowsWhatIsSetInAnyOfItsForms() {
    file.put("undercurrent.homeserver.serverName", "example.org");
    variables.put("ACME_LANGUAGE", "en");
    file.put("acme.greeting", "hello ${acme.language}");

    assertThat(values().apply("undercurrent.homeserver.server-name")).isEqualTo("example.org");
    assertThat(values().apply("acme.greeting")).isEqualTo("hello en");
    assertThat(values().apply("ACME_LANGUAGE")).isEqualTo("en");
    assertThat(values().apply("acme.prefix")).isNull();
  }

  @Test
  void gathersOneKeyOfAllElements() {
    file.put("undercurrent.homeserver.appservices[0].sender", "@irc:example.org");
    file.put("undercurrent.homeserver.appservices[1].exclusive-users[0]", "@sms_.*");
    file.put("undercurrent.homeserver.appservices[2].sender", "@mail:example.org");

    assertThat(values().apply(SENDERS)).isEqualTo(List.of("@irc:example.org", "@mail:example.org"));
  }

  @Test
  void gathersTheElementsOfAllElements() {
    file.put("undercurrent.homeserver.appservices[0].sender", "@irc:example.org");
    file.put("undercurrent.homeserver.appservices[1].exclusive-users[0]", "@sms_[0-9]{1,9}:.*");
    file.put("undercurrent.homeserver.appservices[1].exclusive-users[1]", "@mms_.*");
    file.put("undercurrent.homeserver.appservices[2].exclusive-users", "@mail_.*");

    assertThat(values().apply(USERS))
        .isEqualTo(List.of("@sms_[0-9]{1,9}:.*", "@mms_.*", "@mail_.*"));
  }

  @Test
  void gathersFromEnvironmentVariables() {
    variables.put("UNDERCURRENT_HOMESERVER_APPSERVICES_0_SENDER", "@irc:example.org");
    variables.put("UNDERCURRENT_HOMESERVER_APPSERVICES_0_EXCLUSIVEUSERS_0", "@irc_.*");
    variables.put("UNDERCURRENT_HOMESERVER_APPSERVICES_1_EXCLUSIVEUSERS_0", "@sms_.*");

    assertThat(values().apply(SENDERS)).isEqualTo(List.of("@irc:example.org"));
    assertThat(values().apply(USERS)).isEqualTo(List.of("@irc_.*", "@sms_.*"));
  }

  @Test
  void gathersNothingWhereNothingIsSet() {
    assertThat(values().apply(SENDERS)).isEqualTo(List.of());
    assertThat(values().apply("acme.languages[*]")).isEqualTo(List.of());
  }

  private EnvironmentValues values() {
    var environment = new StandardEnvironment();
    var sources = environment.getPropertySources();
    sources.replace(
        "systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables));
    sources.addLast(new MapPropertySource("application.yaml", file));
    ConfigurationPropertySources.attach(environment);
    return new EnvironmentValues(environment);
  }
}
