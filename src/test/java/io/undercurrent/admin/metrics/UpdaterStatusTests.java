package io.undercurrent.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import io.undercurrent.queue.Selection.Waiting;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The five values of the reference's gauge. */
class UpdaterStatusTests {

  private static final QueuedUpdate UPDATE =
      new QueuedUpdate(
          "count", "count", 1, null, 0, Instant.EPOCH, 0, null, null, null, null, null, null, null);

  @Test
  void isCompleteWithAnEmptyQueueUnlessDisabled() {
    assertThat(value(waiting(), true)).isEqualTo(3);
    assertThat(value(waiting(), false)).isEqualTo(0);
  }

  @Test
  void runsWhatIsNextUnlessDisabled() {
    var selection =
        new Selection(List.of(UPDATE), Optional.of(UPDATE), waiting(Kind.GIVEN_UP).waiting());

    assertThat(value(selection, true)).isEqualTo(2);
    assertThat(value(selection, false)).isEqualTo(0);
  }

  @Test
  void isNotStartedWhileAllThatIsQueuedWaits() {
    assertThat(value(waiting(Kind.PAUSED), true)).isEqualTo(1);
    assertThat(value(waiting(Kind.GIVEN_UP, Kind.BACKING_OFF), true)).isEqualTo(1);
  }

  @Test
  void isAbortedWhenNothingMovesBehindAFailureEvenIfDisabled() {
    assertThat(value(waiting(Kind.GIVEN_UP, Kind.DEPENDENCY), true)).isEqualTo(-1);
    assertThat(value(waiting(Kind.GIVEN_UP), false)).isEqualTo(-1);
    assertThat(value(waiting(Kind.DEFINITION_CHANGED), true)).isEqualTo(-1);
  }

  private static int value(Selection selection, boolean enabled) {
    return UpdaterStatus.of(selection, enabled).value();
  }

  private static Selection waiting(Kind... causes) {
    return new Selection(
        Stream.of(causes).map(cause -> UPDATE).toList(),
        Optional.empty(),
        Stream.of(causes)
            .map(cause -> new Waiting(UPDATE, List.of(Hold.of(cause, "count"))))
            .toList());
  }
}
