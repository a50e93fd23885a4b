package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.history.Run;
import io.undercurrent.history.RunStatus;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.Statuses;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerbOutputTests {

  private static final Instant EIGHT = Instant.parse("2026-11-21T08:00:00Z");

  private final RecordedScreen recorded = new RecordedScreen();
  private final Screen screen = recorded.screen();
  private final Times times = new Times(ZoneOffset.UTC);
  private final Backend backend = new Backend(VerbOutputTests::unused, VerbOutputTests::unused);

  private static <T> T unused() {
    throw new IllegalStateException("not used here");
  }

  @Test
  void showsTheStatusWithWhatItRestsOn() {
    new StatusVerb(backend, screen, times).show(Statuses.running());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            database        master
            enabled         yes
            runner          this process, since 2026-11-21 08:00:00 UTC
            update          populate_stats_process_rooms, running
            job             populate_stats_process_rooms, run 1
            progress        42 %, about 1 m 20 s left: 12,000 of about 28,000 rooms
                            (planner's estimate)
            items           12,000 in 97 iterations, 12.4/ms
            changed         12,000 rows
            chunk size      1,240
            last iteration  97 ms
            sleep           1.0 s before each on average
            queue           2 updates
            """);
  }

  @Test
  void tellsMatchesFromWalkedKeys() {
    new StatusVerb(backend, screen, times).show(Statuses.matchingRarely());

    assertThat(recorded.out())
        .contains(
            """
            items           600 matching of 12,000 keys walked in 97 iterations, 12.4/ms
            changed         598 rows
            """);
  }

  @Test
  void showsWhatAnIndexBuildWaitsFor() {
    var status = Statuses.buildingAnIndex(Statuses.waitingForAReport());

    new StatusVerb(backend, screen, times).show(status);

    assertThat(recorded.out())
        .contains(
            """
            index      halls_title
            phase      waiting for old snapshots
            waits for  session 4713 of report (user anna), idle in transaction, in a
                       transaction since 2026-11-21 07:59:00 UTC: SELECT count(*) FROM halls
            """);
  }

  @Test
  void showsTheProblemOfADatabaseThatIsDown() {
    new StatusVerb(backend, screen, times).show(Statuses.down());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines("database  master\nproblem   Connection refused\n");
  }

  @Test
  void showsTheQueueWithWhatEachUpdateWaitsFor() {
    var queue =
        List.of(
            view(queued("fill_titles", null, null), UpdateState.PAUSED),
            view(queued("index_titles", "fill_titles", null), UpdateState.DEPENDENCY),
            view(
                queued("other", null, "ERROR: deadlock detected (SQLSTATE 40P01)"),
                UpdateState.WAITING));

    var wishes = new ObservedWishes(backend, screen, times, Clock.systemUTC());
    new QueueVerbs(backend, screen, times, Confirmation.BY_OPTION, wishes).show("master", queue);

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            UPDATE        STATE                QUEUED (UTC)
            fill_titles   paused               2026-11-21 08:00
            index_titles  after the one above  2026-11-21 08:00
            other         waiting              2026-11-21 08:00

            update  other
            failed  2026-11-21 08:00:00 UTC, 3 failures in a row
            error   ERROR: deadlock detected (SQLSTATE 40P01)
            next    tried again at 2026-11-21 08:00:00 UTC
            """);
  }

  private static UpdateView view(QueuedUpdate update, UpdateState state) {
    return new UpdateView(update, state, List.of(), 0);
  }

  @Test
  void listsRuns() {
    new HistoryVerb(backend, screen, times, Clock.systemUTC(), Confirmation.BY_OPTION)
        .list(List.of(run()));

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            STARTED (UTC)     UPDATE                  JOB   RUN  STATUS      ITEMS      TOOK
            2026-11-21 08:00  populate_st…cess_rooms  same    1  COMPLETED  20,000  1 m 32 s
            """);
  }

  @Test
  void saysTheJobOfAllRunsOnceWhereNamesNeedTheRoom() {
    new HistoryVerb(backend, screen, times, Clock.systemUTC(), Confirmation.BY_OPTION)
        .list(List.of(run("statistics_of_rooms"), run("statistics_of_rooms")));

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            STARTED (UTC)     UPDATE                        RUN  STATUS      ITEMS      TOOK
            2026-11-21 08:00  populate_stats_process_rooms    1  COMPLETED  20,000  1 m 32 s
            2026-11-21 08:00  populate_stats_process_rooms    1  COMPLETED  20,000  1 m 32 s
            """);
    assertThat(recorded.err())
        .isEqualToNormalizingNewlines("All are of the job statistics_of_rooms.\n");
  }

  @Test
  void showsAllFiguresOfARun() {
    new HistoryVerb(backend, screen, times, Clock.systemUTC(), Confirmation.BY_OPTION)
        .detail(List.of(run()));

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            update      populate_stats_process_rooms
            run         1, of the job populate_stats_process_rooms
            status      COMPLETED
            queued      2026-11-21 08:00:00 UTC
            started     2026-11-21 08:00:00 UTC
            ended       2026-11-21 08:00:00 UTC
            took        1 m 32 s, 1 restart
            items       20,000
            changed     20,000 rows
            chunks      97 committed, 1 rolled back
            last error  ERROR: deadlock detected
            """);
  }

  private static Run run() {
    return run("populate_stats_process_rooms");
  }

  private static Run run(String job) {
    return new Run(
        "populate_stats_process_rooms",
        job,
        1,
        EIGHT,
        EIGHT,
        EIGHT,
        RunStatus.COMPLETED,
        2,
        20_000,
        0,
        20_000,
        97,
        1,
        Duration.ofSeconds(92),
        "COMPLETED",
        "ERROR: deadlock detected",
        20_000L,
        null,
        0,
        null);
  }

  private static QueuedUpdate queued(String name, String dependsOn, String error) {
    var failedAt = error == null ? null : EIGHT;
    return new QueuedUpdate(
        name, "titles", 1, dependsOn, 0, EIGHT, 3, failedAt, null, error, null, failedAt, null,
        null);
  }
}
