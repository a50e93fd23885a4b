package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.undercurrent.testing.SteppedTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BuiltInControllerTests {

  private final SteppedTime time = new SteppedTime();

  @Test
  void sleepsBeforeEachIterationAndAsksForADuration() throws InterruptedException {
    var controller = controller(true);

    var first = controller.onUpdate("fill_titles", "master", false).enter();
    controller.onUpdate("fill_titles", "master", false).enter();

    assertThat(first).isEqualTo(Duration.ofMillis(250));
    assertThat(time.sleeps).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
  }

  @Test
  void doesNotSleepWhenThatIsSwitchedOff() throws InterruptedException {
    var target = controller(false).onUpdate("fill_titles", "master", false).enter();

    assertThat(target).isEqualTo(Duration.ofMillis(250));
    assertThat(time.sleeps).isEmpty();
  }

  @Test
  void wakesWhenInterrupted() {
    var iteration = Controller.builtIn().onUpdate().onUpdate("fill_titles", "master", false);

    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class).isThrownBy(iteration::enter);
  }

  private BuiltInController controller(boolean sleepEnabled) {
    var properties =
        new ControllerProperties(
            sleepEnabled,
            Duration.ofSeconds(3),
            Duration.ofMillis(250),
            100,
            100,
            PaceRule.ADAPTIVE);
    return new BuiltInController(properties, time);
  }
}
