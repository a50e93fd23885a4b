package io.undercurrent.status;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.run.RunStatements;
import io.undercurrent.state.Reason;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class WhyTests {

  private static final Owner ASKING = Owner.thisProcess();

  private final UpdateDefinition fill = update("fill", new RunStatements(List.of()));
  private final UpdateDefinition index = update("index", new RunStatements(List.of()));

  @Test
  void namesEverythingThatHoldsAnUpdateInOrder(Database database) {
    queue(database, new NewUpdate("fill", null, 0), new NewUpdate("index", "fill", 0));
    new Pauses(database).add(null, "backup", "anna", null);
    new Pauses(database).add("fill", null, "ben", Duration.ofHours(2));
    Rows.run(
        database,
        "UPDATE undercurrent.lease SET enabled = false",
        """
        UPDATE undercurrent.runs
           SET failures_in_row = 5, given_up_at = clock_timestamp(), last_error = 'deadlock detected'
         WHERE update_name = 'fill'""");

    var explanation = reader(database).why("index");

    assertThat(explanation.moves()).isFalse();
    assertThat(Reason.of(explanation))
        .extracting(Reason::cause)
        .containsExactly("no-runner", "disabled", "paused", "dependency", "given-up", "paused");
    assertThat(Reason.of(explanation))
        .extracting(Reason::sentence)
        .satisfiesExactly(
            none -> assertThat(none).isEqualTo("No process runs the updates. Start one with: run"),
            disabled -> assertThat(disabled).endsWith("Enable them with: resume"),
            all -> assertThat(all).contains("by anna").contains("(backup)").endsWith(": resume"),
            waits -> assertThat(waits).startsWith("waits for 'fill'"),
            gone -> assertThat(gone).contains("deadlock detected").endsWith(": retry fill"),
            paused ->
                assertThat(paused)
                    .contains("by ben")
                    .contains(" until ")
                    .endsWith(": resume fill"));
  }

  @Test
  void looksForUpdatesThatNobodyDefinesAndForCycles(Database database) {
    queue(
        database,
        new NewUpdate("fill", "index", 0),
        new NewUpdate("index", "fill", 0),
        new NewUpdate("lost", null, 0));

    assertThat(Reason.of(reader(database).why()))
        .filteredOn(reason -> reason.update() != null)
        .extracting(reason -> reason.update() + " " + reason.cause())
        .containsExactly("fill cycle", "index cycle", "lost undefined");
  }

  @Test
  void saysWhoseTurnItIs(Database database) {
    queue(database, new NewUpdate("fill", null, 0), new NewUpdate("index", null, 0));
    pretendThatARunnerHas(database, "fill", "1 hour");

    assertThat(reader(database).why("index").moves()).isFalse();
    assertThat(Reason.of(reader(database).why("index")))
        .containsExactly(
            new Reason(
                "turn",
                "index",
                "waits for its turn; 'fill' goes first. Hold that with: pause fill"));

    pretendThatARunnerHas(database, "gone", "1 hour");
    assertThat(Reason.of(reader(database).why("fill")))
        .containsExactly(
            new Reason("turn", "fill", "is about to start: the runner looks every half second"));
  }

  @Test
  void saysWhoWasSeenLast(Database database) {
    queue(database, new NewUpdate("fill", null, 0));
    pretendThatARunnerHas(database, "fill", "0");

    assertThat(Reason.of(reader(database).why("fill")))
        .containsExactly(
            new Reason(
                "no-runner",
                null,
                "No process runs the updates; pid 1 on db-host did, and was last seen at 2020-11-21T08:00:00Z. Start one with: run"));
  }

  private static void pretendThatARunnerHas(Database database, String update, String rest) {
    Rows.run(
        database,
        """
        UPDATE undercurrent.lease
           SET owner = 'pid 1 on db-host', owner_id = 'stranger', current_update = '%s',
               acquired_at = '2020-11-21 08:00:00Z', renewed_at = '2020-11-21 08:00:00Z',
               expires_at = clock_timestamp() + interval '%s'"""
            .formatted(update, rest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATABASE %1$s", "ROLE clerk", "ROLE clerk IN DATABASE %1$s"})
  void saysWhoseSettingKeepsTheServerFromWriting(
      String whose, Database database, TestDatabases databases) {
    queue(database, new NewUpdate("fill", null, 0));
    databases.as("clerk", database);
    var name = Rows.of(database, "SELECT current_database()").get(0);
    var what = whose.formatted(name);
    Rows.run(
        database,
        "GRANT USAGE ON SCHEMA undercurrent TO clerk",
        "GRANT SELECT ON ALL TABLES IN SCHEMA undercurrent TO clerk",
        "ALTER %s SET default_transaction_read_only = on".formatted(what));

    var clerks = databases.as("clerk", database);

    assertThat(Reason.of(reader(clerks).why()))
        .extracting(Reason::cause)
        .containsExactly("read-only");
    assertThat(
            new StatusReader(clerks, ASKING, update -> Engine.defined(job(fill))).read().reason())
        .startsWith("The server accepts no writes: default_transaction_read_only is on for the ")
        .endsWith("ALTER %s RESET default_transaction_read_only".formatted(what));
  }

  @Test
  void seesThatTheSessionTakesNoWrites(Database database) {
    queue(database, new NewUpdate("fill", null, 0));
    var settings = database.settings();
    var url = settings.url() + "?options=-c%20default_transaction_read_only=on";
    try (var same = new Database(new DatabaseSettings("master", url, settings.username(), null))) {
      assertThat(Reason.of(reader(same).why()).get(0).sentence())
          .endsWith("Remove that from the url configured for it");
    }
  }

  @Test
  void saysHowToQueueWhatIsNotQueued(Database database) {
    assertThat(Reason.of(reader(database).why("fill")))
        .containsExactly(
            new Reason(
                "not-queued", "fill", "is not queued on 'master'. Queue it with: start fill"));
    assertThat(Reason.of(reader(database).why()))
        .extracting(Reason::cause)
        .containsExactly("empty");
  }

  @Test
  void saysWithAnEmptyQueueWhatWouldHoldEveryUpdate(Database database) {
    database.prepare();
    Rows.run(
        database,
        "UPDATE undercurrent.lease SET enabled = false",
        "INSERT INTO undercurrent.pauses (author, reason) VALUES ('ann', 'the night')",
        "INSERT INTO undercurrent.pauses (update_name, author) VALUES ('fill', 'ann')");

    var explanation = reader(database).why();

    assertThat(explanation.moves()).isFalse();
    assertThat(Reason.of(explanation))
        .extracting(Reason::cause)
        .containsExactly("disabled", "paused", "empty");
    assertThat(Reason.of(explanation).get(1).sentence())
        .contains("paused by ann", "the night", "Lift it with: resume");
  }

  @Test
  void seesFromOutsideThatTheControllerSleepsAndWhoHoldsALock(Database database) throws Exception {
    var permits = new Semaphore(0);
    // Of one row, which is not halved before it waits.
    var script = new ScriptedController().waitingFor(permits).batchSizes(1, 1);
    createTable(database, "numbers", 1_000);
    var counting = counting("numbers", "numbers");
    var impatient =
        new UpdateDefinition("numbers", null, 0, Duration.ofSeconds(1), null, counting.work(), 1);
    try (var engine = new Engine(database, script.controller(), job(impatient));
        var blocker = database.connect("a report")) {
      engine.queue("numbers").run();
      awaitCause(database, "sleeping");
      assertThat(Reason.of(explain(database, "numbers")).get(0).sentence())
          .containsPattern("since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ; ");
      assertThat(engine.status().reason())
          .isEqualTo("numbers: " + Reason.of(explain(database, "numbers")).get(0).sentence());

      permits.release();
      awaitCause(database, "moving");
      assertThat(explain(database, "numbers").moves()).isTrue();

      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE numbers");
      permits.release(100);
      awaitCause(database, "lock-wait");
      assertThat(Reason.of(explain(database, "numbers")).get(0).sentence())
          .contains("a lock on numbers, blocked by pid ")
          .contains("(a report as ")
          .contains("idle in transaction")
          .contains("LOCK TABLE numbers")
          .containsPattern("its transaction open since \\d{4}-\\d\\d-\\d\\dT")
          .contains("pg_terminate_backend(");

      awaitCause(database, "backing-off");
      assertThat(Reason.of(explain(database, "numbers")).get(0).sentence())
          .contains("SQLSTATE 55P03")
          .contains("It waited for a lock on numbers, blocked by pid ")
          .containsPattern("its transaction open for \\d+ s")
          .endsWith("Try it now with: retry numbers");
    }
  }

  @Test
  void noticesAnIterationThatDoesNotEnd(Database database) throws Exception {
    createTable(database, "numbers", 250);
    var permits = new Semaphore(1);
    var script = new ScriptedController().waitingFor(permits);
    try (var engine =
        new Engine(database, script.controller(), job(counting("numbers", "numbers")))) {
      engine.queue("numbers").run();
      script.awaitIteration(2);
    }
    pretendThatARunnerHas(database, "numbers", "1 hour");
    Rows.run(database, "UPDATE undercurrent.batch_step_execution SET end_time = NULL");
    assertThat(causes(database)).containsExactly("moving");

    Rows.run(
        database,
        """
        UPDATE undercurrent.batch_step_execution
           SET last_updated = last_updated - interval '10 minutes'""");

    assertThat(explain(database, "numbers").moves()).isFalse();
    assertThat(Reason.of(explain(database, "numbers")))
        .singleElement()
        .satisfies(
            reason -> {
              assertThat(reason.cause()).isEqualTo("overdue");
              assertThat(reason.sentence())
                  .startsWith("has committed nothing since 20")
                  .contains("the longest of its last iterations took ");
            });
  }

  private void awaitCause(Database database, String cause) {
    Engine.await().until(() -> causes(database).equals(List.of(cause)));
  }

  private List<String> causes(Database database) {
    return Reason.of(explain(database, "numbers")).stream().map(Reason::cause).toList();
  }

  private Explanation explain(Database database, String update) {
    Definitions all = name -> Engine.defined(job(counting(name, name)));
    return new StatusReader(database, ASKING, all).why(update);
  }

  private StatusReader reader(Database database) {
    return new StatusReader(
        database,
        ASKING,
        name ->
            List.of(fill, index).stream()
                .filter(update -> update.name().equals(name))
                .findFirst()
                .flatMap(update -> Engine.defined(job(update))));
  }

  private static void queue(Database database, NewUpdate... updates) {
    new UpdateQueue(database).add("fill", List.of(updates));
  }
}
