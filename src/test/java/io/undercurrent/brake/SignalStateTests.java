package io.undercurrent.brake;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.health.Limits;
import io.undercurrent.health.Look;
import io.undercurrent.health.Reading;
import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Signal;
import io.undercurrent.state.Measure.Unit;
import io.undercurrent.testing.ScriptedSignal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignalStateTests {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Reading unreadable = new Unknown("the role may not see it");
  private long seconds;

  @Test
  void holdsAboveTheThresholdUntilTheValueIsAtFourFifthsOfIt() {
    var state = state(Duration.ZERO, true);

    assertThat(holds(state, 10)).isFalse();
    assertThat(holds(state, 10.1)).isTrue();
    assertThat(holds(state, 8.1)).isTrue();
    assertThat(holds(state, 8)).isFalse();
    assertThat(holds(state, 8.1)).isFalse();
  }

  @Test
  void holdsAtLeastForItsBackOff() {
    var state = state(Duration.ofSeconds(10), true);

    assertThat(holds(state, 11)).isTrue();
    seconds += 8;
    assertThat(holds(state, 0)).isTrue();
    assertThat(state.brake(now()))
        .map(Brake::words)
        .hasValue(
            "lag of s1 is 0 s (well again, but held for at least 10 s, its back-off); it holds above 10 s");
    assertThat(holds(state, 0)).isFalse();
  }

  @Test
  void stayAsTheyWereUntilTheyAreUnknownForAMinute() {
    var going = state(Duration.ZERO, true);
    holds(going, 0);
    seconds += 58;
    assertThat(holds(going, unreadable)).isFalse();
    assertThat(holds(going, unreadable)).isTrue();
    assertThat(going.brake(now()))
        .hasValueSatisfying(
            brake -> {
              assertThat(brake.measure().value()).isNull();
              assertThat(brake.detail()).isEqualTo("the role may not see it");
            });
    assertThat(holds(going, 9)).isFalse();
  }

  @Test
  void goOnOnceTheyAreUnknownWhereThatIsToBeSo() {
    var held = state(Duration.ZERO, false);
    holds(held, 11);
    seconds += 58;
    assertThat(holds(held, unreadable)).isTrue();
    assertThat(holds(held, unreadable)).isFalse();
  }

  @Test
  void areUnknownWithoutAnAnswer() {
    var state = state(Duration.ZERO, true);
    seconds += 59;
    assertThat(state.brake(now())).isEmpty();
    seconds++;
    assertThat(state.brake(now())).map(Brake::detail).hasValue("no look at it has come back");
  }

  @Test
  void areKnownFromOneLookToTheNext() {
    var seldom = new ScriptedSignal("lag", Duration.ofSeconds(10));
    var state = new SignalState(seldom, Duration.ofSeconds(5), Duration.ZERO);
    assertThat(holds(state, 0)).isFalse();

    seconds += 15;
    assertThat(state.brake(now())).isEmpty();
    seconds += 5;
    assertThat(state.brake(now())).isPresent();
  }

  @Test
  void goOnWhereThereIsNothing() {
    var state = state(Duration.ZERO, true);

    assertThat(holds(state, 11)).isTrue();
    assertThat(holds(state, new Nothing("no standby is connected"))).isFalse();
  }

  @Test
  void holdAboveALowerThresholdOfTheServers() {
    var state = state(Duration.ZERO, true);

    assertThat(holds(state, new Reading.Value(5, "s1", null, 5.0))).isFalse();
    assertThat(holds(state, new Reading.Value(6, "s1", null, 5.0))).isTrue();
    assertThat(state.brake(now()).orElseThrow().measure().threshold()).isEqualTo(5);
    assertThat(holds(state, new Reading.Value(4.5, "s1", null, 5.0))).isTrue();
    assertThat(holds(state, new Reading.Value(4, "s1", null, 5.0))).isFalse();
    assertThat(holds(state, new Reading.Value(10, "s1", null, 20.0))).isFalse();
    assertThat(holds(state, new Reading.Value(11, "s1", null, 20.0))).isTrue();
  }

  @Test
  void areCriticalAboveThat() {
    var state = state(Duration.ZERO, true);

    holds(state, 100);
    assertThat(state.isCritical()).isFalse();
    holds(state, 100.5);
    assertThat(state.isCritical()).isTrue();
    assertThat(state.brake(now()))
        .map(Brake::criticalWords)
        .hasValue("lag of s1 is 100 s, critical above 100 s");
  }

  private static SignalState state(Duration backOff, boolean holdsUnknown) {
    return new SignalState(
        new Signal() {
          @Override
          public String name() {
            return "lag";
          }

          @Override
          public Limits limits() {
            return new Limits(10.0, 100.0, backOff, holdsUnknown, Unit.SECONDS);
          }

          @Override
          public Reading look(Look look) {
            return ScriptedSignal.value(0);
          }
        },
        MINUTE,
        Duration.ZERO);
  }

  private boolean holds(SignalState state, double value) {
    return holds(state, new Reading.Value(value, "s1", null));
  }

  /** A look a second. */
  private boolean holds(SignalState state, Reading reading) {
    seconds++;
    state.read(reading, now());
    return state.brake(now()).isPresent();
  }

  private Duration now() {
    return Duration.ofSeconds(seconds);
  }
}
