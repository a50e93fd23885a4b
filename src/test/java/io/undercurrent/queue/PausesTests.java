package io.undercurrent.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class PausesTests {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final String RUN_OUT =
      "UPDATE undercurrent.pauses SET until = clock_timestamp() - interval '1 ms'";

  private Pauses pauses;
  private UpdateQueue queue;

  @BeforeEach
  void queueTwoUpdates(Database database) {
    pauses = new Pauses(database);
    queue = new UpdateQueue(database);
    queue.add("job", List.of(new NewUpdate("fill", null, 0), new NewUpdate("index", null, 0)));
  }

  @Test
  void holdsOneUpdateAndLetsTheOtherRun() {
    var pause = pauses.add("fill", "lunch", "anna", null);

    var selection = queue.select(update -> Optional.empty());

    assertThat(selection.next()).map(QueuedUpdate::name).hasValue("index");
    assertThat(selection.waiting())
        .extracting(Selection.Waiting::hold)
        .containsExactly(pause.hold());
  }

  @Test
  void holdsAllUpdates() {
    var pause = pauses.add(null, null, "anna", Duration.ofHours(2));

    var selection = queue.select(update -> Optional.empty());

    assertThat(selection.next()).isEmpty();
    assertThat(selection.waiting())
        .extracting(Selection.Waiting::hold)
        .containsExactly(pause.hold().update("fill"), pause.hold().update("index"));
    assertThat(Duration.between(pause.pausedAt(), pause.until()))
        .isBetween(Duration.ofHours(2), Duration.ofHours(2).plusSeconds(5));
  }

  @Test
  void endsByItself(Database database) {
    pauses.add(null, null, "anna", Duration.ofHours(2));
    pauses.add("fill", null, "anna", Duration.ofHours(2));
    Rows.run(database, RUN_OUT);

    assertThat(pauses.list()).isEmpty();
    assertThat(queue.select(update -> Optional.empty()).next())
        .map(QueuedUpdate::name)
        .hasValue("fill");
    assertThat(pauses.remove("fill")).isFalse();
    assertThat(pauses.remove(null)).isFalse();
  }

  @Test
  void lastsAHundredYearsAtMost() {
    var longest = Duration.ofDays(36_500);
    pauses.add(null, null, "ada", longest);

    assertThatThrownBy(() -> pauses.add(null, null, "ada", longest.plusDays(1)))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "Expected a pause of at most 36500d, got 36501d. Leave the time out to pause without end");
  }

  @Test
  void replacesAPause() {
    pauses.add("fill", "lunch", "anna", Duration.ofHours(2));
    pauses.add("fill", null, "bert", null);
    pauses.add(null, "backup", "cron", null);

    assertThat(pauses.list())
        .extracting(Pause::update, Pause::reason, Pause::author, Pause::until)
        .containsExactly(tuple(null, "backup", "cron", null), tuple("fill", null, "bert", null));
  }

  @Test
  void liftsThePauseOfAllAndLeavesThoseOfSingleUpdates() {
    pauses.add(null, null, "anna", null);
    pauses.add("fill", null, "anna", null);

    assertThat(pauses.remove("index")).isFalse();
    assertThat(pauses.remove(null)).isTrue();
    assertThat(pauses.list()).extracting(Pause::update).containsExactly("fill");
    assertThat(pauses.remove("fill")).isTrue();
    assertThat(pauses.list()).isEmpty();
  }

  @Test
  void saysWhoPausesWhyAndUntilWhen() {
    var one = new Pause("fill", "lunch", "anna", NOON, NOON.plusSeconds(3600));
    var all = new Pause(null, null, "anna", NOON, null);

    assertThat(HoldSentences.UTC.of("master", one.hold()))
        .isEqualTo(
            "paused by anna since 2026-11-21T12:00:00Z until 2026-11-21T13:00:00Z (lunch). Lift it with: resume fill");
    assertThat(HoldSentences.UTC.of("master", all.hold()))
        .isEqualTo(
            "all updates are paused by anna since 2026-11-21T12:00:00Z. Lift it with: resume");
  }

  @Test
  void holdsForAReasonThatTheDatabasesEncodingLacks(TestDatabases databases) {
    var latin = new Pauses(databases.createIn("LATIN1"));

    latin.add(null, "a – b", "Łukasz", null);

    assertThat(latin.list())
        .extracting(Pause::reason, Pause::author)
        .containsExactly(tuple("a ? b", "?ukasz"));
  }
}
