package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What verbs leave in the history of actions that change no queue. */
@PostgresTest
class RecordedVerbsTests {

  @TempDir private Path home;

  @Test
  void tellWhoMadeAndRevokedAToken(Database database) {
    try (var shell = new TestShell(database, home)) {
      assertThat(shell.perform("token create deploy")).isZero();
      var token = shell.out().strip();
      assertThat(shell.perform("token create deploy")).isEqualTo(1);
      assertThat(shell.perform("token revoke deploy")).isZero();

      assertThat(
              Rows.of(
                  database,
                  """
                  SELECT concat_ws('|', operator, came_by, action, subject, before, after)
                    FROM undercurrent.actions
                   ORDER BY id"""))
          .containsExactly(
              System.getProperty("user.name") + "|console|token|deploy|valid",
              System.getProperty("user.name") + "|console|token|deploy|valid|revoked");
      assertThat(shell.perform("history --actions")).isZero();
      assertThat(shell.out()).contains("token deploy", "valid to revoked").doesNotContain(token);
    }
  }

  @Test
  void refuseWhatATokenTakesNoNoticeOf(Database database) {
    try (var shell = new TestShell(database, home)) {
      shell.perform("token create deploy");

      assertThat(shell.perform("token revoke deploy --json")).isEqualTo(2);
      assertThat(shell.err())
          .isEqualToNormalizingNewlines(
              "--json: expected token create or token list, got revoke\n");
      assertThat(shell.perform("token revoke deploy --read-only")).isEqualTo(2);
      assertThat(shell.err())
          .isEqualToNormalizingNewlines("--read-only: expected token create, got revoke\n");
      assertThat(shell.perform("token list deploy")).isEqualTo(2);
      assertThat(shell.perform("token list")).isZero();
      assertThat(shell.out()).contains("deploy");
    }
  }

  @Test
  void revokeATokenWhileTheDatabaseIsDown() {
    var down = new DatabaseSettings("master", "jdbc:postgresql://localhost:1/x", "anna", null);
    try (var database = new Database(down);
        var shell = new TestShell(database, home)) {
      shell.perform("token create deploy");

      assertThat(shell.perform("token revoke deploy")).isZero();

      assertThat(shell.out()).isEqualToNormalizingNewlines("Revoked deploy.\n");
      assertThat(shell.err()).startsWith("This could not be recorded: Database 'master'");
      shell.perform("token list");
      assertThat(shell.err()).startsWith("There is no token");
    }
  }

  @Test
  void tellWhichTokenMayOnlyLook(Database database) {
    try (var shell = new TestShell(database, home)) {
      shell.perform("token create deploy");
      shell.perform("token create wall --read-only");

      shell.perform("token list");

      assertThat(shell.out()).containsPattern("deploy +change").containsPattern("wall +look");
      shell.perform("token revoke wall");
      assertThat(
              Rows.of(
                  database,
                  "SELECT concat_ws(' to ', before, after) FROM undercurrent.actions WHERE subject = 'wall' ORDER BY id"))
          .containsExactly("valid, read-only", "valid, read-only to revoked");
    }
  }

  @Test
  void tellWhoMadeTheSample(Database database) {
    try (var shell = new TestShell(database, home)) {
      assertThat(shell.perform("sample --rooms 3 --yes")).isZero();
      assertThat(shell.perform("sample --rooms 3 --yes")).isEqualTo(1);

      assertThat(
              Rows.of(
                  database,
                  "SELECT concat_ws('|', action, subject, after) FROM undercurrent.actions"))
          .containsExactly("sample|sample.test|rooms: 3");
    }
  }
}
