package io.undercurrent.shell.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import org.junit.jupiter.api.Test;

class StatusLineTests {

  private final Screen screen = new RecordedScreen().screen();

  @Test
  void tellsFiguresWhileAnUpdateMoves() {
    assertThat(StatusLine.of(Statuses.running(), screen, HoldSentences.UTC))
        .hasValue("populate_stats_process_rooms  42 %  12,000 items  12.4/ms  1 m 20 s left");
  }

  @Test
  void tellsMatchesFromWalkedKeysAndChangedRows() {
    assertThat(
            StatusLine.of(
                Statuses.matchingRarely(),
                new RecordedScreen().wide(120).screen(),
                HoldSentences.UTC))
        .hasValue(
            "populate_stats_process_rooms  42 %  600 matching of 12,000 keys walked, 598 rows changed  12.4/ms  1 m 20 s left");
  }

  @Test
  void tellsThatNothingIsCountedBeforeTheFirstCommit() {
    assertThat(StatusLine.of(Statuses.beginning(), screen, HoldSentences.UTC))
        .hasValue("index_titles  nothing committed yet");
  }

  @Test
  void cutsTheNameRatherThanTheFigures() {
    assertThat(
            StatusLine.of(
                Statuses.running(), new RecordedScreen().wide(60).screen(), HoldSentences.UTC))
        .hasValue("populate_stats…  42 %  12,000 items  12.4/ms  1 m 20 s left");
  }

  @Test
  void tellsThePhaseOfAnIndexBuild() {
    var scanning =
        new IndexBuildView(
            "halls_title",
            null,
            null,
            4712,
            true,
            "building index: scanning table",
            "120 of 4,000 blocks",
            3.0,
            null);

    assertThat(StatusLine.of(Statuses.buildingAnIndex(scanning), screen, HoldSentences.UTC))
        .hasValue("index_titles  building index: scanning table, 120 of 4,000 blocks");
    assertThat(
            StatusLine.of(
                Statuses.buildingAnIndex(Statuses.waitingForAReport()), screen, HoldSentences.UTC))
        .hasValue("index_titles  waiting for old snapshots: session 4713 of report (user anna)");
  }

  @Test
  void tellsTheReasonWhileNothingMoves() {
    assertThat(
            StatusLine.of(
                Statuses.current(UpdateState.BACKING_OFF, "fill: tries again in 1 s"),
                screen,
                HoldSentences.UTC))
        .hasValue("fill: tries again in 1 s");
    assertThat(
            StatusLine.of(Statuses.current(UpdateState.GIVEN_UP, null), screen, HoldSentences.UTC))
        .hasValue("populate_stats_process_rooms: given up");
    assertThat(StatusLine.of(Statuses.current(UpdateState.PAUSED, null), screen, HoldSentences.UTC))
        .hasValue("populate_stats_process_rooms: paused");
    assertThat(StatusLine.of(Statuses.down(), screen, HoldSentences.UTC))
        .hasValue("master: Connection refused");
    assertThat(StatusLine.of(Statuses.idle(), screen, HoldSentences.UTC)).isEmpty();
  }
}
