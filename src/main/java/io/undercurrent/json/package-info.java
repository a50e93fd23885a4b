/**
 * The stable forms of what a database's queue is doing, for programs: the console and HTTP print
 * them.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"status", "queue", "lease", "iteration", "state"})
package io.undercurrent.json;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
