package io.undercurrent.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.shell.verb.TestShell;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import tools.jackson.databind.json.JsonMapper;

/** A kind of update from elsewhere is one more in the list. */
@PostgresTest
class NotifyTests {

  private Database database;
  private Path jobs;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) {
    this.database = database;
    this.jobs = jobs;
    this.shell = new TestShell(ShippedKinds.all().and(new NotifyKind()), database, jobs);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void runsToItsEnd() throws Exception {
    write("notify: {channel: titles, payload: SELECT 6 * 7}");
    try (var listener = database.connect("a listener")) {
      listener.createStatement().execute("LISTEN titles");

      assertThat(shell.perform("start announce")).isZero();
      shell.startRunner();
      shell.awaitEmptyQueue();

      var wait = (int) Duration.ofSeconds(20).toMillis();
      assertThat(listener.unwrap(PGConnection.class).getNotifications(wait))
          .singleElement()
          .satisfies(
              notification -> {
                assertThat(notification.getName()).isEqualTo("titles");
                assertThat(notification.getParameter()).isEqualTo("42");
              });
    }
    assertThat(Rows.of(database, "SELECT status FROM undercurrent.batch_step_execution"))
        .containsExactly("COMPLETED");
  }

  @Test
  void isCheckedBeforeItStarts() throws IOException {
    write("notify: {channel: titles, payload: SELECT count(*) FROM halls}");

    assertThat(shell.perform("start announce")).isNotZero();

    assertThat(shell.err())
        .contains("announce.yaml:3: update 'announce': relation \"halls\" does not exist");
  }

  @Test
  void isShownWithWhatItIs() throws IOException {
    write("notify: {channel: titles, payload: SELECT 1}");

    shell.perform("show announce");
    assertThat(shell.out().replaceAll(" +", " "))
        .contains(
            "kind one-shot: a notification",
            "notifies titles of SELECT 1",
            "timeouts lock 2 s (default), statement none (default)");

    shell.perform("show announce --json");
    var definition = JsonMapper.shared().readTree(shell.out()).get("definition");
    assertThat(definition.get("kind").asString()).isEqualTo("notify");
    assertThat(definition.get("channel").asString()).isEqualTo("titles");
    assertThat(definition.get("payload").asString()).isEqualTo("SELECT 1");
    assertThat(definition.get("statements").isEmpty()).isTrue();
  }

  @Test
  void hasItsKeysGuessed() throws IOException {
    write("notify: {chanel: titles, payload: SELECT 1}");
    assertThat(problems())
        .contains(":3: unknown key 'chanel', did you mean 'channel'?", ":3: missing key 'channel'");

    write("notfy: {channel: titles, payload: SELECT 1}");
    assertThat(problems())
        .contains(
            ":3: unknown key 'notfy', did you mean 'notify'?",
            ":2: expected 'read' and 'write', ",
            " or 'notify', found none of them");

    write("notify: {channel: titles, payload: SELECT 1}\n    run: SELECT 2");
    assertThat(problems()).contains(":3: 'notify' and 'run' exclude each other");
  }

  private String problems() {
    assertThat(shell.perform("check announce")).isNotZero();
    return shell.out() + shell.err();
  }

  private void write(String work) throws IOException {
    Files.writeString(
        jobs.resolve("announce.yaml"), "updates:\n  - name: announce\n    " + work + "\n");
  }
}
