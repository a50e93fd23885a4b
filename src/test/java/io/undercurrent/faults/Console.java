package io.undercurrent.faults;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.faults.server.PostgresServer;
import io.undercurrent.shell.verb.TestShell;
import io.undercurrent.state.UpdateState;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A console beside, which runs nothing; past every proxy, as on another machine. */
final class Console implements AutoCloseable {

  private final Database database;
  private final TestShell shell;

  Console(String url, Path jobs) {
    this.database = new Database(new DatabaseSettings("master", url, PostgresServer.RUNNER, null));
    this.shell = new TestShell(ShippedKinds.all(), database, jobs);
  }

  /** Carries out a line that has to succeed; returns what is shown. */
  String say(String line) {
    assertThat(perform(line)).as("%s: %s%s", line, shell.out(), shell.err()).isZero();
    return shell.out();
  }

  /** Carries out a line; returns the exit code. */
  int perform(String line) {
    return shell.perform(line);
  }

  /** What was shown last, and what was said besides. */
  String said() {
    return shell.out() + shell.err();
  }

  private JsonNode json(String line) {
    return JsonMapper.shared().readTree(say(line + " --json"));
  }

  /** All that holds the queue, in one line. */
  String why() {
    return json("why")
        .get(0)
        .get("reasons")
        .valueStream()
        .map(reason -> reason.get("reason").stringValue())
        .collect(joining(" | "));
  }

  /** The state of an update; one that is not queued counts as cancelled. */
  UpdateState state(String update) {
    return json("queue")
        .valueStream()
        .filter(queued -> queued.get("update").stringValue().equals(update))
        .map(queued -> queued.get("state").stringValue())
        .map(state -> UpdateState.valueOf(state.toUpperCase(Locale.ROOT).replace('-', '_')))
        .findFirst()
        .orElse(UpdateState.CANCELLED);
  }

  /** Asserts that what is shown agrees with the rows. */
  void assertCompleted(String update, long rows, long live, long quarantined) {
    var run = json("history " + update).get(0);
    assertThat(run.get("status").stringValue()).startsWith("COMPLETED");
    assertThat(run.get("walked").longValue()).as("keys walked").isEqualTo(rows);
    assertThat(run.get("matching").longValue()).as("items").isEqualTo(live - quarantined);
    assertThat(run.get("changed").longValue()).as("rows changed").isEqualTo(live - quarantined);
    assertThat(json("queue")).as("the queue").isEmpty();
    assertThat(why()).contains("Nothing is queued");
  }

  @Override
  public void close() {
    shell.close();
    database.close();
  }
}
