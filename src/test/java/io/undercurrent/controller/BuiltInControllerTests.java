package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.undercurrent.testing.SteppedTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
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

  @Test
  void sleepsAsLongAsIsSetWhichMayChangeMeanwhile() throws InterruptedException {
    var wanted = new ArrayDeque<>(List.of(Duration.ofHours(1), Duration.ofMillis(500)));

    var target = controller(true).enter(() -> wanted.size() > 1 ? wanted.pop() : wanted.peek());

    assertThat(target).isEqualTo(Duration.ofMillis(250));
    assertThat(slept()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void sleepsAsUsualWhereNothingIsSet() throws InterruptedException {
    controller(true).enter(() -> null);
    assertThat(slept()).isEqualTo(Duration.ofSeconds(3));

    controller(false).enter(() -> null);
    controller(true).enter(() -> Duration.ZERO);
    assertThat(slept()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void hasAModuleEnteredAfterThePauseThatIsSet() throws InterruptedException {
    var module =
        new Controller(
            (update, database, oneShot) ->
                () -> {
                  time.sleep(Duration.ofSeconds(7));
                  return Duration.ofMillis(80);
                },
            (update, database) -> 1,
            (update, database) -> 1,
            "night.Module");
    var asked = module.onUpdate().onUpdate("fill_titles", "master", false);

    assertThat(module.enter(asked, () -> Duration.ofMillis(300), time))
        .isEqualTo(Duration.ofMillis(80));
    module.enter(asked, () -> null, time);

    assertThat(time.sleeps)
        .containsExactly(Duration.ofMillis(300), Duration.ofSeconds(7), Duration.ofSeconds(7));
  }

  private Duration slept() {
    return time.sleeps.stream().reduce(Duration.ZERO, Duration::plus);
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
