package io.undercurrent.runner;

import io.undercurrent.controller.Controller;
import io.undercurrent.iteration.Beans;

/**
 * What runners are given from outside.
 *
 * @param controller paces the iterations
 * @param beans finds the processors and writers that job files name
 * @param listener is told what happens
 */
public record RunnerContext(Controller controller, Beans beans, RunnerListener listener) {}
