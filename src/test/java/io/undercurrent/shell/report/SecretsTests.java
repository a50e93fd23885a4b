package io.undercurrent.shell.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://me:hunter2@host/db",
        "postgres://me:hunt@er2@host/db and more",
        "jdbc:postgresql://host/db?user=me&password=hunter2&ssl=true",
        "CREATE USER MAPPING FOR me SERVER far OPTIONS (user 'me', password 'hunter2')",
        "SELECT dblink_connect('host=far password=hunter2 user=me')",
        "ALTER ROLE me PASSWORD E'hunt\\'er2'",
        "ALTER ROLE me PASSWORD 'hunt''er2'",
        "ALTER ROLE me PASSWORD $$hunter2$$",
        "SELECT set_config('app.token', 'hunter2', true)",
        "ALTER ROLE me SET app.secret TO 'hunter2'",
        "call(api_key => 'hunter2', secret_key => 'hunter2')",
        "{\"accessToken\": \"hunter2\"}",
        "name: x\n  db_password: hunter2 and more",
        "Authorization: Bearer hunter2hunter2",
        "got undercurrent_hunter2_hunter2_hunter2_hunter2_hunter2_hunter2"
      })
  void blotsOutWhatMayBeASecret(String text) {
    assertThat(Secrets.without(text)).contains(Secrets.HIDDEN).doesNotContain("hunt", "er2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE access_tokens SET used = true FROM chunk WHERE access_tokens.token = chunk.token",
        "SELECT coalesce(password_hash, '') FROM users WHERE password IS NOT NULL",
        "INSERT INTO undercurrent_archive_of_members SELECT * FROM members",
        "https://host:8008/path, ann@host, 08:00 // 09:00"
      })
  void leavesTheRestAsItIs(String text) {
    assertThat(Secrets.without(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "-", "\n", " ", "//a:", "password 'a' ", "''"})
  void comesToAnEndWithTextsThatAreLong(String part) {
    var text = part.repeat(100_000 / part.length());

    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> assertThat(Secrets.without(text + "' password 'hunter2'")).doesNotContain("hunter2"));
  }

  @Test
  void blotsOutAPasswordThatIsABook() {
    assertThat(Secrets.without("password '%s'".formatted("a''".repeat(50_000)))).hasSize(12);
  }

  @Test
  void leavesTheValuesOfAJobFileOut() {
    assertThat(
            JobText.without(
                Map.of("key", "hunter2"),
                """
                description: a job
                values:
                  key: hunter2

                # a comment
                  list: [a, b]
                updates:
                  - name: x"""))
        .contains(
            """
            description: a job
            values: # left out: they may be secret
            updates:
              - name: x""");
  }

  @Test
  void leavesAFileOutWhoseValuesCannotBeTold() {
    var text = "{\"values\": {\"key\": \"hunter2\"}, \"updates\": []}";

    assertThat(JobText.without(Map.of("key", "hunter2"), " " + text)).isEmpty();
    assertThat(JobText.without(Map.of(), text)).isPresent();
  }
}
