package io.undercurrent.runner;

import io.undercurrent.controller.Controller;
import io.undercurrent.iteration.Beans;
import io.undercurrent.time.TimeSource;
import java.time.Clock;

/**
 * What runners are given from outside.
 *
 * @param controller paces the iterations
 * @param beans finds the processors and writers that job files name
 * @param listener is told what happens
 * @param clock says when something happened, where the database's own clock is not asked
 * @param time measures durations and waits
 */
public record RunnerContext(
    Controller controller, Beans beans, RunnerListener listener, Clock clock, TimeSource time) {

  /** What is given where nobody listens and time passes by itself. */
  public RunnerContext(Controller controller, Beans beans) {
    this(controller, beans, RunnerListener.NONE, Clock.systemUTC(), TimeSource.SYSTEM);
  }
}
