package io.undercurrent.shell.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromptTests {

  @Test
  void tellsWhatTheMainDatabaseDoes() {
    assertThat(prompt(new RecordedScreen(), Statuses.idle())).isEqualTo("undercurrent master > ");
    assertThat(prompt(new RecordedScreen(), Statuses.paused()))
        .isEqualTo("undercurrent master ⏸ > ");
    assertThat(prompt(new RecordedScreen(), Statuses.down())).isEqualTo("undercurrent master ✗ > ");
    assertThat(prompt(new RecordedScreen(), Statuses.running()))
        .isEqualTo("undercurrent master ▶ populate_stats_process_rooms 42 % > ");
    assertThat(prompt(new RecordedScreen(), Statuses.current(UpdateState.BACKING_OFF, null)))
        .startsWith("undercurrent master ✗ populate_stats");
  }

  @Test
  void leavesRoomToType() {
    assertThat(prompt(new RecordedScreen().wide(60), Statuses.running()))
        .isEqualTo("undercurrent master ▶ populate_stats… 42 % > ")
        .hasSizeLessThanOrEqualTo(45);
  }

  @Test
  void doesWithoutSymbolsWhereTheTerminalHasNone() {
    assertThat(prompt(new RecordedScreen().ascii(), Statuses.running()))
        .isEqualTo("undercurrent master [running] populate_stats_proc... 42 % > ");
    assertThat(prompt(new RecordedScreen().ascii(), Statuses.paused()))
        .isEqualTo("undercurrent master [paused] > ");
  }

  @Test
  void standsThereBeforeAnythingIsKnown() {
    assertThat(new Prompt(Optional::empty, new RecordedScreen().screen()).getPrompt().toString())
        .isEqualTo("undercurrent > ");
  }

  private static String prompt(RecordedScreen recorded, DatabaseStatus status) {
    return new Prompt(() -> Optional.of(status), recorded.screen()).getPrompt().toString();
  }
}
