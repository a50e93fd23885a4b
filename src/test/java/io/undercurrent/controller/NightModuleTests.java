package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NightModuleTests {

  private final SettableClock clock = new SettableClock();

  @ParameterizedTest
  @ValueSource(strings = {"22:00", "23:59", "00:00", "05:59:59"})
  void letsUpdatesRunAtNight(String time) throws InterruptedException {
    clock.set(time);

    assertThat(iteration("22:00", "06:00").enter()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void letsUpdatesRunInAWindowWithoutMidnight() throws InterruptedException {
    clock.set("02:00");

    assertThat(iteration("01:00", "05:00").enter()).isEqualTo(Duration.ofMillis(500));
  }

  @ParameterizedTest
  @ValueSource(strings = {"06:00", "12:00", "21:59:59"})
  void waitsByDayUntilInterrupted(String time) throws InterruptedException {
    clock.set(time);
    var entering = new Thread(enter("22:00", "06:00"));
    entering.start();
    awaitSleep(entering);

    entering.interrupt();

    entering.join();
    assertThat(entering.isAlive()).isFalse();
  }

  @Test
  void goesOnWhenTheNightBegins() throws Exception {
    clock.set("21:59:59");
    var target = enter("22:00", "06:00");
    var entering = new Thread(target);
    entering.start();
    awaitSleep(entering);

    clock.set("22:00");

    assertThat(target.get()).isEqualTo(Duration.ofMillis(500));
  }

  private FutureTask<Duration> enter(String from, String to) {
    return new FutureTask<>(() -> iteration(from, to).enter());
  }

  private OnUpdate.Iteration iteration(String from, String to) {
    var registrations = new Registrations(Controller.builtIn());
    new NightModule(clock).start(Map.of("from", from, "to", to), registrations.api("night"));
    return registrations.close().controller().onUpdate().onUpdate("fill_titles", "master", false);
  }

  /** A clock that shows what it is told. */
  private static final class SettableClock extends Clock {

    private volatile Instant now = Instant.EPOCH;

    void set(String time) {
      now = LocalDate.EPOCH.atTime(LocalTime.parse(time)).toInstant(ZoneOffset.UTC);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static void awaitSleep(Thread thread) {
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
  }
}
