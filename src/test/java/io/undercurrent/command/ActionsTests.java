package io.undercurrent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.undercurrent.command.Operator.Way;
import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.history.Action;
import io.undercurrent.history.Filter;
import io.undercurrent.history.History;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class ActionsTests {

  private static final Operator CAROL = new Operator("carol", Way.TOKEN, "10.0.0.7");

  @TempDir private Path jobs;

  @Test
  void recordsEachChangeWithWhoAndFromWhere(Database database) throws IOException {
    with(
        database,
        updates -> {
          updates.start("master", "count", CAROL);
          updates.pause("master", "count", "backup", "me", null);
          updates.resume("master", "count");
          updates.enable("master", false, CAROL);
          updates.resume("master", null);
          Rows.run(database, "UPDATE undercurrent.runs SET failures_in_row = 3");
          updates.retry("master", "count");
          updates.cancel("master", "count", false);
        });

    var me = System.getProperty("user.name");
    assertThat(new History(database).actions(all(10)))
        .extracting(
            action ->
                "%s %s %s: %s to %s, %s"
                    .formatted(
                        action.operator(),
                        action.action(),
                        action.subject(),
                        action.before(),
                        action.after(),
                        action.reason()))
        .containsExactly(
            me + " cancel count: queued to cancelled count, null",
            me + " retry count: failures in a row: 3 to failures in a row: 0, null",
            me + " resume null: disabled to enabled, null",
            "carol enable null: true to false, null",
            me + " resume count: paused to enabled, null",
            me + " pause count: null to paused, backup",
            "carol start count: null to queued count, null");
    assertThat(new History(database).actions(all(7)).get(6))
        .returns("token", Action::cameBy)
        .returns("10.0.0.7", Action::address);
  }

  @Test
  void areFoundByTheirSubjectAndTheirTime(Database database) throws IOException {
    with(
        database,
        updates -> {
          updates.start("master", "count", CAROL);
          updates.pause("master", null, null, "me", null);
        });
    Rows.run(
        database,
        "UPDATE undercurrent.actions SET at = '2020-11-21 08:00:00Z' WHERE action = 'start'");
    var history = new History(database);
    var eight = Instant.parse("2020-11-21T08:00:00Z");

    assertThat(history.actions(new Filter("count", eight, false, 10)))
        .extracting(Action::action)
        .containsExactly("start");
    assertThat(history.actions(new Filter("count", eight.plusMillis(1), false, 10))).isEmpty();
    assertThat(history.actions(new Filter(null, eight.plusMillis(1), false, 10)))
        .extracting(Action::action)
        .containsExactly("pause");
  }

  private static Filter all(int limit) {
    return new Filter(null, null, false, limit);
  }

  @Test
  void recordsNothingThatWasRefused(Database database) throws IOException {
    with(
        database,
        updates -> {
          updates.start("master", "count", CAROL);
          assertThatExceptionOfType(RefusedException.class)
              .isThrownBy(() -> updates.start("master", "count", CAROL));
          updates.resume("master", null);
        });

    assertThat(new History(database).actions(all(10))).hasSize(1);
  }

  private void with(Database database, Consumer<BackgroundUpdates> actions) throws IOException {
    Files.writeString(
        jobs.resolve("count.yaml"),
        """
        updates:
          - name: count
            run: SELECT 1
        """);
    try (var engine = new JobEngine(jobs, database)) {
      actions.accept(engine.updates);
    }
  }

  @Test
  void recordsWhatTheDatabasesEncodingLacks(TestDatabases databases) throws IOException {
    var latin = databases.createIn("LATIN1");
    with(latin, updates -> updates.pause("master", null, "a – b", "Łukasz", null));

    assertThat(new History(latin).actions(all(10)))
        .extracting(Action::action, Action::reason)
        .containsExactly(tuple("pause", "a ? b"));
  }
}
