package io.undercurrent.runner;

import io.undercurrent.chunk.Beans;
import io.undercurrent.controller.Controller;

/**
 * What runners are given from outside.
 *
 * @param controller paces the iterations
 * @param beans finds the processors and writers that job files name
 * @param listener is told what happens
 */
record Collaborators(Controller controller, Beans beans, RunnerListener listener) {}
