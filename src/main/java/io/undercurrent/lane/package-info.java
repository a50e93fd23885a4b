/**
 * Several lanes of one run: its slices, which are steps of Spring Batch's partitioning, and the
 * threads that work on them.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"iteration", "stop"})
package io.undercurrent.lane;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
