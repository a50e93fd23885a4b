package io.undercurrent.execution;

import io.undercurrent.controller.Controller;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.health.Signals;
import io.undercurrent.history.HistoryLimits;
import io.undercurrent.iteration.Beans;
import io.undercurrent.time.TimeSource;
import io.undercurrent.window.ConfiguredWindows;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What runners are given from outside.
 *
 * @param controller paces the iterations
 * @param beans finds the processors and writers that job files name
 * @param failures decides what follows when an iteration has failed
 * @param listener hears what happens
 * @param clock says when something happened, where the database's own clock is not asked
 * @param time measures durations and waits
 * @param history how long it is kept
 * @param workers other processes that may be asked to work on slices
 * @param signals what of a database's health holds its updates
 * @param windows when the updates of a database may run
 */
public record RunnerContext(
    Controller controller,
    Beans beans,
    FailurePolicy failures,
    RunnerListener listener,
    Clock clock,
    TimeSource time,
    HistoryLimits history,
    Workers workers,
    Signals signals,
    ConfiguredWindows windows) {

  /** With nobody else to ask, and nothing that holds. */
  public RunnerContext(
      Controller controller,
      Beans beans,
      FailurePolicy failures,
      RunnerListener listener,
      Clock clock,
      TimeSource time,
      @Nullable Duration retention) {
    this(
        controller,
        beans,
        failures,
        listener,
        clock,
        time,
        new HistoryLimits(retention, HistoryLimits.SAMPLES),
        Workers.NONE,
        Signals.NONE,
        ConfiguredWindows.NONE);
  }

  /** With a history that is kept for ever. */
  public RunnerContext(
      Controller controller,
      Beans beans,
      FailurePolicy failures,
      RunnerListener listener,
      Clock clock,
      TimeSource time) {
    this(controller, beans, failures, listener, clock, time, null);
  }

  /** Without a listener, and with the time of the machine. */
  public RunnerContext(Controller controller, Beans beans) {
    this(controller, beans, FailurePolicy.STANDARD);
  }

  /** The same with another policy. */
  public RunnerContext(Controller controller, Beans beans, FailurePolicy failures) {
    this(controller, beans, failures, RunnerListener.NONE, Clock.systemUTC(), TimeSource.SYSTEM);
  }

  /** The same where that of a database's health holds its updates. */
  public RunnerContext watching(Signals other) {
    return new RunnerContext(
        controller, beans, failures, listener, clock, time, history, workers, other, windows);
  }

  /** The same where updates run within windows only. */
  public RunnerContext within(ConfiguredWindows other) {
    return new RunnerContext(
        controller, beans, failures, listener, clock, time, history, workers, signals, other);
  }
}
