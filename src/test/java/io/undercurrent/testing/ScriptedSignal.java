package io.undercurrent.testing;

import io.undercurrent.health.Limits;
import io.undercurrent.health.Look;
import io.undercurrent.health.Reading;
import io.undercurrent.health.Signal;
import io.undercurrent.health.Signals;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A signal whose readings a test makes; it holds above 10, and is critical above 100. */
public final class ScriptedSignal implements Signal {

  private final String name;
  private final Duration every;
  private final AtomicLong looks = new AtomicLong();
  private volatile Function<Look, Reading> reading = look -> value(0);

  public ScriptedSignal() {
    this("scripted", Duration.ofMillis(20));
  }

  public ScriptedSignal(String name, Duration every) {
    this.name = name;
    this.every = every;
  }

  /** The only signal of each database. */
  public Signals alone() {
    return database -> List.of(this);
  }

  public static Reading value(double value) {
    return new Reading.Value(value, null, null);
  }

  /** Has looks find that from now on. */
  public ScriptedSignal set(double value) {
    return set(look -> value(value));
  }

  public ScriptedSignal set(Function<Look, Reading> reading) {
    this.reading = reading;
    return this;
  }

  /** Waits until what was set has been seen, and that has come to something. */
  public void awaitSeen() {
    var before = looks.get();
    Engine.await().until(() -> looks.get() > before + 1);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Limits limits() {
    return new Limits(10.0, 100.0, Duration.ZERO, true, Unit.SECONDS);
  }

  @Override
  public Duration every() {
    return every;
  }

  @Override
  public Reading look(Look look) {
    looks.incrementAndGet();
    return reading.apply(look);
  }
}
