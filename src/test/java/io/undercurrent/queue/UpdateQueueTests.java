package io.undercurrent.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class UpdateQueueTests {

  private UpdateQueue queue;

  @BeforeEach
  void openQueue(Database database) {
    queue = new UpdateQueue(database);
  }

  @Test
  void opensARunForEachUpdate(Database database) {
    add("rooms", update("fill"), update("index", "fill", 3));

    assertThat(queue.list())
        .extracting(
            QueuedUpdate::name,
            QueuedUpdate::job,
            QueuedUpdate::run,
            QueuedUpdate::dependsOn,
            QueuedUpdate::ordering,
            QueuedUpdate::failuresInRow,
            QueuedUpdate::givenUp)
        .containsExactly(
            tuple("fill", "rooms", 1L, null, 0, 0, false),
            tuple("index", "rooms", 1L, "fill", 3, 0, false));
  }

  @Test
  void forgetsWhatWasSetOfARowThatSqlHasTakenOut(Database database) {
    var knobs = new Knobs(database.jdbc());
    add("fill", update("fill"), update("index"));
    knobs.set("fill", Knob.SLEEP, "1h", "anna", null);
    knobs.set("index", Knob.SLEEP, "2s", "anna", null);

    Rows.run(database, "DELETE FROM undercurrent.background_updates WHERE update_name = 'fill'");
    queue.adoptChangesBySql();

    assertThat(knobs.of("fill").all()).isEmpty();
    assertThat(knobs.of("index").all()).hasSize(1);
  }

  @Test
  void numbersTheRunsOfAnUpdate(Database database) {
    for (int run = 1; run <= 3; run++) {
      add("fill", update("fill"));
      queue.complete("fill", run);
    }
    add("fill", update("fill"));

    assertThat(runs(database))
        .containsExactly("fill 1 COMPLETED", "fill 2 COMPLETED", "fill 3 COMPLETED", "fill 4 open");
  }

  @Test
  void refusesAJobThatIsQueued(Database database) {
    add("fill", update("fill"));

    assertThatThrownBy(() -> add("fill", update("fill")))
        .isInstanceOf(RefusedException.class)
        .hasMessage("Job 'fill' is already queued on 'master'. Watch it with: status");
  }

  @Test
  void queuesAllUpdatesOfAJobOrNone(Database database) {
    add("second", update("second"));

    assertThatThrownBy(() -> add("job", update("first"), update("second")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "Job 'job' is already queued on 'master': its update 'second' has not ended. Watch it with: status");

    assertThat(runs(database)).containsExactly("second 1 open");
    assertThat(queue.list()).extracting(QueuedUpdate::name).containsExactly("second");
  }

  @Test
  void refusesWhatTheHomeserverWorksOff(Database database) {
    Rows.run(
        database,
        "CREATE TABLE public.background_updates (update_name text PRIMARY KEY, progress_json text)",
        "INSERT INTO public.background_updates VALUES ('index', '{}')");

    assertThatThrownBy(() -> add("rooms", update("fill"), update("index")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "Update 'index' waits in the homeserver's own queue (public.background_updates) on 'master', which the homeserver runs itself. Let it finish there, then start the job again");
    assertThat(queue.list()).isEmpty();
    add("fill", update("fill"));
    assertThat(queue.list()).extracting(QueuedUpdate::name).containsExactly("fill");
  }

  @Test
  void takesAnotherTableOfThatNameForNoQueue(Database database) {
    Rows.run(database, "CREATE TABLE background_updates (id bigint)");

    add("reindex", new NewUpdate("reindex", null, 0));

    assertThat(queue.list()).hasSize(1);
  }

  @Test
  void namesTheGrantsToARoleThatMayNotReadTheHomeserversQueue(
      Database database, TestDatabases databases) {
    var reader = databases.as("reader", database);
    Rows.run(
        database,
        "CREATE TABLE background_updates (update_name text)",
        "GRANT USAGE ON SCHEMA undercurrent TO reader",
        "GRANT ALL ON ALL TABLES IN SCHEMA undercurrent TO reader");

    assertThatThrownBy(
            () -> new UpdateQueue(reader).add("job", List.of(new NewUpdate("fill", null, 0))))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'master': expected a role that may read the homeserver's queue, got: permission denied for table background_updates (SQLSTATE 42501). Have a superuser run db/grants.sql there");
  }

  @Test
  void takesNamesOfAHundredCharacters(Database database) {
    var longest = "é".repeat(100);
    add("long", update(longest));

    assertThat(queue.list()).extracting(QueuedUpdate::name).containsExactly(longest);
    assertThatThrownBy(() -> update("e".repeat(101)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected an update name of 1 to 100 characters, found 101");
    assertThatThrownBy(() -> update("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ordersByOrderingThenByNameInBytes(Database database) {
    add(
        "job",
        update("b", null, 2),
        update("é", null, 1),
        update("a", null, 1),
        update("B", null, 1));

    assertThat(queue.list()).extracting(QueuedUpdate::name).containsExactly("B", "a", "é", "b");
    assertThat(queue.select(update -> Optional.empty()).next())
        .map(QueuedUpdate::name)
        .hasValue("B");
  }

  @Test
  void letsAnUpdateWaitForTheOneThatItDependsOn(Database database) {
    add("job", update("a", "b", 0), update("b", null, 9), update("c", "gone", 10));

    var selection = queue.select(update -> Optional.empty());

    assertThat(selection.next()).map(QueuedUpdate::name).hasValue("b");
    assertThat(reasons(selection))
        .containsExactly("a DEPENDENCY waits for 'b', which has to leave the queue first");
    queue.complete("b", 1);
    assertThat(queue.select(update -> Optional.empty()).next())
        .map(QueuedUpdate::name)
        .hasValue("a");
  }

  @Test
  void namesCycles(Database database) {
    add("job", update("a", "b", 0), update("b", "c", 0), update("c", "a", 0), update("d", "a", 0));
    add("self", update("self", "self", 0));

    var selection = queue.select(update -> Optional.empty());

    assertThat(selection.next()).isEmpty();
    assertThat(selection.movesByItself()).isFalse();
    assertThat(reasons(selection))
        .containsExactly(
            "a CYCLE depends on itself: a → b → c → a. Take one of them out with: cancel a",
            "b CYCLE depends on itself: b → c → a → b. Take one of them out with: cancel b",
            "c CYCLE depends on itself: c → a → b → c. Take one of them out with: cancel c",
            "d DEPENDENCY waits for 'a', which has to leave the queue first",
            "self CYCLE depends on itself: self → self. Take one of them out with: cancel self");
  }

  @Test
  void passesOverWhatNoFileDefines(Database database) {
    add("job", update("gone"), update("here"), update("behind", "gone", 0));

    var selection =
        queue.select(
            update ->
                Optional.of(update.name())
                    .filter("gone"::equals)
                    .map(gone -> Hold.of(Kind.UNDEFINED, gone)));

    assertThat(selection.next()).map(QueuedUpdate::name).hasValue("here");
    assertThat(reasons(selection))
        .containsExactly(
            "behind DEPENDENCY waits for 'gone', which has to leave the queue first",
            "gone UNDEFINED Update 'gone' is queued on 'master', but no file in jobs/ defines it. Add the file back, or drop the update with: cancel gone");
  }

  @Test
  void backsOffAfterAFailure(Database database) {
    add("job", update("fill"));
    queue.failed("fill", 1, "no", "23505", Duration.ofMinutes(1), true);
    queue.failed("fill", 1, "still no", null, Duration.ofMinutes(1), true);

    var selection = queue.select(update -> Optional.empty());

    assertThat(selection.next()).isEmpty();
    assertThat(selection.movesByItself()).isTrue();
    assertThat(reasons(selection))
        .containsExactly(
            "fill BACKING_OFF tries again in 60 s after failure 2: still no. Try it now with: retry fill");
  }

  @Test
  void takesAnUpdateAgainWhenItsBackOffHasEnded(Database database) {
    add("job", update("fill"));
    queue.failed("fill", 1, "no", "23505", Duration.ofMillis(-1), true);

    assertThat(queue.select(update -> Optional.empty()).next())
        .hasValueSatisfying(
            update -> {
              assertThat(update.failuresInRow()).isEqualTo(1);
              assertThat(update.lastError()).isEqualTo("no");
              assertThat(update.lastErrorSqlState()).isEqualTo("23505");
              assertThat(update.lastErrorAt()).isNotNull();
            });
  }

  @Test
  void holdsWhatIsGivenUpUntilItsFailuresAreForgotten(Database database) {
    add("job", update("fill"));
    queue.failed("fill", 1, "no", null, null, true);

    assertThat(reasons(queue.select(update -> Optional.empty())))
        .containsExactly(
            "fill GIVEN_UP given up after a failure: no. Once the cause is fixed: retry fill");
    queue.forgetFailures("fill", 1);
    assertThat(queue.select(update -> Optional.empty()).next())
        .map(QueuedUpdate::failuresInRow)
        .hasValue(0);
  }

  @Test
  void completesARun(Database database) {
    add("job", update("fill"), update("index", "fill", 0));
    new Pauses(database).add("fill", null, "anna", null);

    queue.complete("fill", 1);

    assertThat(queue.list()).extracting(QueuedUpdate::name).containsExactly("index");
    assertThat(runs(database)).containsExactly("fill 1 COMPLETED", "index 1 open");
    assertThat(new Pauses(database).list()).isEmpty();
  }

  @Test
  void leavesALaterRunAloneWhenItCompletesAnEarlierOne(Database database) {
    add("job", update("fill"));
    queue.cancel("fill");
    add("job", update("fill"));

    queue.complete("fill", 1);

    assertThat(queue.list()).extracting(QueuedUpdate::run).containsExactly(2L);
    assertThat(runs(database)).containsExactly("fill 1 CANCELLED", "fill 2 open");
  }

  @Test
  void cancelsAnUpdateWithAllThatDependOnIt(Database database) {
    add("job", update("c", "b", 0), update("b", "a", 0), update("a"), update("d", "c", 0));
    add("other", update("other"));
    new Pauses(database).add("d", null, "anna", null);

    assertThat(queue.cancel("b")).containsExactly("b", "c", "d");

    assertThat(queue.list()).extracting(QueuedUpdate::name).containsExactly("a", "other");
    assertThat(runs(database))
        .containsExactly(
            "a 1 open", "b 1 CANCELLED", "c 1 CANCELLED", "d 1 CANCELLED", "other 1 open");
    assertThat(new Pauses(database).list()).isEmpty();
  }

  @Test
  void refusesToCancelWhatIsNotQueued(Database database) {
    assertThatThrownBy(() -> queue.cancel("fill"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("Update 'fill' is not queued on 'master'. See what is with: queue");
  }

  @Test
  void opensRunsForRowsThatSomebodyHasInserted(Database database) {
    add("job", update("fill"));
    queue.complete("fill", 1);
    Rows.run(
        database,
        "INSERT INTO undercurrent.background_updates (update_name) VALUES ('fill')",
        "INSERT INTO undercurrent.background_updates VALUES ('index', '{\"a\": 1}', '', 7)");
    assertThat(queue.list()).isEmpty();

    queue.adoptChangesBySql();
    queue.adoptChangesBySql();

    assertThat(runs(database)).containsExactly("fill 1 COMPLETED", "fill 2 open", "index 1 open");
    assertThat(queue.find("index"))
        .hasValueSatisfying(
            index -> {
              assertThat(index.job()).isEqualTo("index");
              assertThat(index.dependsOn()).isNull();
              assertThat(index.ordering()).isEqualTo(7);
            });
  }

  @Test
  void closesRunsOfRowsThatSomebodyHasDeleted(Database database) {
    add("job", update("fill"), update("index"));
    Rows.run(database, "DELETE FROM undercurrent.background_updates WHERE update_name = 'fill'");

    queue.adoptChangesBySql();

    assertThat(runs(database)).containsExactly("fill 1 CANCELLED", "index 1 open");
  }

  @Test
  void queuesAnUpdateAgainWhoseRowSomebodyHasDeleted(Database database) {
    add("job", update("fill"));
    Rows.run(database, "DELETE FROM undercurrent.background_updates");

    add("job", update("fill"));

    assertThat(runs(database)).containsExactly("fill 1 CANCELLED", "fill 2 open");
  }

  @Test
  void refusesRowsWhoseNamesBreakTheRule(Database database) {
    var insert = "INSERT INTO undercurrent.background_updates (update_name) VALUES ('%s')";

    for (var name : List.of("", "e".repeat(101))) {
      assertThatThrownBy(() -> Rows.run(database, insert.formatted(name)))
          .hasMessageContaining("background_updates_update_name_check");
    }
  }

  private void add(String job, NewUpdate... updates) {
    queue.add(job, List.of(updates));
  }

  private static NewUpdate update(String name) {
    return update(name, null, 0);
  }

  private static NewUpdate update(String name, @Nullable String dependsOn, int ordering) {
    return new NewUpdate(name, dependsOn, ordering);
  }

  private static List<String> reasons(Selection selection) {
    return selection.waiting().stream()
        .map(
            waiting ->
                "%s %s %s"
                    .formatted(
                        waiting.update().name(),
                        waiting.hold().kind(),
                        HoldSentences.UTC.of("master", waiting.hold())))
        .toList();
  }

  private static List<@Nullable String> runs(Database database) {
    return Rows.of(
        database,
        """
        SELECT concat_ws(' ', update_name, run, coalesce(outcome, 'open'))
          FROM undercurrent.runs
         ORDER BY update_name, run""");
  }
}
