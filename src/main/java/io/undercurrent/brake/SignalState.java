package io.undercurrent.brake;

import io.undercurrent.health.Limits;
import io.undercurrent.health.Reading;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.health.Signal;
import io.undercurrent.state.Measure;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a signal holds updates back, by what was read of it. All times are those since one and
 * the same moment.
 */
final class SignalState {

  private final String name;
  private final Limits limits;
  private final double hold;
  private final Duration unknownAfter;
  private Duration lastRead;
  private @Nullable Duration heldSince;
  private boolean high;
  private boolean critical;
  private @Nullable Value last;
  private @Nullable String why;

  /**
   * That of a signal which is on.
   *
   * @param unknownAfter for how long it may be unreadable before that holds; two looks at least
   * @param now when somebody began to look at it
   * @throws IllegalArgumentException if it is off
   */
  SignalState(Signal signal, Duration unknownAfter, Duration now) {
    this.name = signal.name();
    this.limits = signal.limits();
    var own = limits.hold();
    if (own == null) {
      throw new IllegalArgumentException(name + " is off");
    }
    this.hold = own;
    var twoLooks = signal.every().multipliedBy(2);
    this.unknownAfter = unknownAfter.compareTo(twoLooks) < 0 ? twoLooks : unknownAfter;
    this.lastRead = now;
  }

  /** Takes what a look has found. */
  void read(Reading reading, Duration now) {
    if (reading instanceof Unknown unknown) {
      why = unknown.why();
      return;
    }
    lastRead = now;
    why = null;
    last = reading instanceof Value value ? value : null;
    var value = last == null ? 0 : last.value();
    high = value > (high ? Measure.GO_ON_AT : 1) * threshold();
    critical = limits.critical() != null && value > limits.critical();
    judge(now);
  }

  /** Whether the value read last is above what the update is to be paused at. */
  boolean isCritical() {
    return critical;
  }

  /** What holds, or nothing if it lets updates go on. */
  Optional<Brake> brake(Duration now) {
    judge(now);
    return heldSince == null
        ? Optional.empty()
        : Optional.of(
            new Brake(
                measure(now),
                detail(now),
                now.minus(heldSince),
                critical ? limits.critical() : null));
  }

  private void judge(Duration now) {
    var bad = isBad(now);
    if (bad && heldSince == null) {
      heldSince = now;
    } else if (!bad && heldSince != null && now.minus(heldSince).compareTo(limits.backOff()) >= 0) {
      heldSince = null;
    }
  }

  private boolean isBad(Duration now) {
    return isUnknown(now) ? limits.holdsUnknown() : high;
  }

  private boolean isUnknown(Duration now) {
    return now.minus(lastRead).compareTo(unknownAfter) >= 0;
  }

  private Measure measure(Duration now) {
    var known = isUnknown(now) ? null : last;
    return new Measure(
        name,
        known == null ? null : known.subject(),
        isUnknown(now) ? null : known == null ? Double.valueOf(0) : known.value(),
        isUnknown(now) ? hold : threshold(),
        limits.unit());
  }

  /** The configured one, unless the server has said a lower one. */
  private double threshold() {
    return last == null ? hold : last.threshold(hold);
  }

  private @Nullable String detail(Duration now) {
    if (!isBad(now)) {
      return "well again, but held for at least %s, its back-off"
          .formatted(
              Unit.SECONDS.words(
                  limits.backOff().toSeconds() + limits.backOff().toMillisPart() / 1e3));
    }
    if (isUnknown(now)) {
      return why == null ? "no look at it has come back" : why;
    }
    return last == null ? null : last.detail();
  }
}
