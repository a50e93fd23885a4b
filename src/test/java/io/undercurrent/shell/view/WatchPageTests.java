package io.undercurrent.shell.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.shell.screen.Drawing;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class WatchPageTests {

  private static final String TIME = "2026-11-21 08:00:00 UTC";

  @Test
  void showsEveryDatabaseWithItsFigures() {
    var statuses = List.of(Statuses.running(), Statuses.down());

    assertThat(page(new RecordedScreen(), 80, 12, statuses, ""))
        .isEqualTo(
            """
            Undercurrent, 2 databases                                2026-11-21 08:00:00 UTC

            master   running   populate_stats_process_rooms
              ███████████░░░░░░░░░░░░░░░  42 %   12,000 items   about 1 m 20 s left
              12.4/ms   chunk 1,240   ▅█▅   97 ms

            master   down
              Connection refused



            p pause   r resume   q quit""");
  }

  @Test
  void showsAnIndexBuildByItsPhase() {
    var building = Statuses.buildingAnIndex(Statuses.waitingForAReport());

    assertThat(page(new RecordedScreen(), 80, 6, List.of(building), ""))
        .contains(
            "running   index_titles\n  waiting for old snapshots: session 4713 of report (user anna)");
    assertThat(WatchPage.line(building, Optional.empty(), HoldSentences.UTC))
        .isEqualTo(
            "master  running  index_titles  waiting for old snapshots: session 4713 of report"
                + " (user anna)");
    assertThat(page(new RecordedScreen(), 80, 7, List.of(Statuses.beginning()), ""))
        .contains("running   index_titles\n  nothing committed yet\n\n");
  }

  @Test
  void cutsAReasonOnlyWhereThereIsNoRoom() {
    var held = List.of(Statuses.current(UpdateState.GIVEN_UP, "a poisoned row ".repeat(8).strip()));

    assertThat(page(new RecordedScreen(), 40, 11, held, ""))
        .contains("master   given up   populate")
        .contains("  row a poisoned row a poisoned row a\n  poisoned row\n");
    assertThat(page(new RecordedScreen(), 40, 10, held, ""))
        .contains("  row a poisoned row a poisoned row a p…\n");
  }

  @Test
  void saysWhyNothingMovesAndWhatAKeyHasDone() {
    var held =
        Statuses.current(UpdateState.PAUSED, "paused by ann: the nightly backup runs ".repeat(9));

    var page = page(new RecordedScreen(), 40, 14, List.of(held), "Paused all updates on master.");

    assertThat(page.lines()).hasSize(14).allMatch(line -> line.length() <= 40);
    assertThat(page)
        .contains("  paused by ann: the nightly backup runs\n")
        .endsWith("Paused all updates on master.\n" + WatchPage.KEYS);
  }

  @Test
  void shrinksToALineForEachDatabaseAndThenToTheirNumber() {
    var statuses = Collections.nCopies(9, Statuses.running());

    assertThat(page(new RecordedScreen(), 80, 13, statuses, "").lines())
        .hasSize(13)
        .filteredOn(line -> line.startsWith("master   running   populate"))
        .hasSize(9);
    assertThat(page(new RecordedScreen(), 80, 8, statuses, ""))
        .contains("and 6 more; see one with --database")
        .hasLineCount(8);
    assertThat(page(new RecordedScreen(), 80, 1, statuses, "")).isEqualTo(WatchPage.KEYS);
  }

  @Test
  void drawsInAsciiWhereTheTerminalKnowsNoMore() {
    var page = page(new RecordedScreen().ascii(), 80, 8, List.of(Statuses.running()), "");

    assertThat(page).contains("###########...............  42 %").contains("=#=   97 ms");
    assertThat(page).matches("\\p{ASCII}*");
  }

  @Test
  void coloursTheStateOnlyWhereColoursCanBeShown() {
    var statuses = List.of(Statuses.running());

    assertThat(lines(new RecordedScreen().coloured(), 80, 8, statuses, "").get(2).toAnsi())
        .contains("\u001b[32mrunning");
    assertThat(lines(new RecordedScreen(), 80, 8, statuses, "").get(2).toAnsi())
        .doesNotContain("\u001b");
  }

  @Test
  void tellsTheSameInALine() {
    assertThat(WatchPage.line(Statuses.running(), Optional.empty(), HoldSentences.UTC))
        .isEqualTo(
            "master  running  populate_stats_process_rooms  42 %  12,000 items  12.4/ms"
                + "  chunk 1,240  97 ms  about 1 m 20 s left");
    assertThat(WatchPage.line(Statuses.idle(), Optional.empty(), HoldSentences.UTC))
        .isEqualTo("master  idle  nothing is queued");
    assertThat(WatchPage.line(Statuses.down(), Optional.empty(), HoldSentences.UTC))
        .isEqualTo("master  down  Connection refused");
  }

  @Test
  void drawsFiguresInProportion() {
    var durations = List.of(Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(100));

    assertThat(Drawing.sparkline(durations, true)).isEqualTo("▁▄█");
    assertThat(Drawing.sparkline(List.of(Duration.ZERO), true)).isEqualTo("▁");
    assertThat(Drawing.sparkline(List.of(), true)).isEmpty();
    assertThat(Drawing.progressBar(99.9, 10, true)).isEqualTo("█████████░");
    assertThat(Drawing.progressBar(100, 10, false)).isEqualTo("##########");
  }

  @Test
  void saysOfAnIdleDatabaseWhatEndedLast() {
    var last =
        Optional.of("last: fill_titles completed at 2026-11-21 07:00:00 UTC, 3 items in 2 s");

    assertThat(
            lines(new RecordedScreen(), last, 80, 7, List.of(Statuses.idle()), "").stream()
                .map(AttributedString::toString))
        .containsSubsequence("master   idle   nothing is queued", "  " + last.get());
    assertThat(WatchPage.line(Statuses.idle(), last, HoldSentences.UTC))
        .isEqualTo("master  idle  nothing is queued  " + last.get());
  }

  private static String page(
      RecordedScreen screen, int width, int height, List<DatabaseStatus> statuses, String note) {
    return lines(screen, width, height, statuses, note).stream()
        .map(line -> line.toString().stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  private static List<AttributedString> lines(
      RecordedScreen screen, int width, int height, List<DatabaseStatus> statuses, String note) {
    return lines(screen, Optional.empty(), width, height, statuses, note);
  }

  private static List<AttributedString> lines(
      RecordedScreen screen,
      Optional<String> lastEnded,
      int width,
      int height,
      List<DatabaseStatus> statuses,
      String note) {
    return new WatchPage(screen.screen(), width, height, HoldSentences.UTC)
        .lines(statuses, database -> lastEnded, TIME, note);
  }
}
