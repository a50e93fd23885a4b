package io.undercurrent.shell.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptionListTests {

  @Test
  void wrapsWhatDoesNotFitUnderItsBeginning() {
    var recorded = new RecordedScreen().wide(30);

    new DescriptionList()
        .add("update", "fill_titles, running")
        .add("progress", "42 %, about 1 m 20 s left by the planner's estimate")
        .print(recorded.screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            update    fill_titles, running
            progress  42 %, about 1 m 20 s
                      left by the
                      planner's estimate
            """);
  }

  @Test
  void breaksAWordOnlyIfItFitsNoLine() {
    assertThat(DescriptionList.wrapped("a populate_stats_process_rooms b", 12))
        .containsExactly("a", "populate_sta", "ts_process_r", "ooms b");
    assertThat(DescriptionList.wrapped("", 12)).containsExactly("");
  }

  @Test
  void breaksAWordByTheColumnsThatItTakes() {
    assertThat(DescriptionList.wrapped("部屋の統計を作り直す", 7)).containsExactly("部屋の", "統計を", "作り直", "す");
  }

  @Test
  void findsAPlaceForTextOnTheNarrowestScreen() {
    var recorded = new RecordedScreen().wide(5);

    new DescriptionList().add("update", "部屋x").print(recorded.screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            update  部
                    屋
                    x
            """);
  }
}
