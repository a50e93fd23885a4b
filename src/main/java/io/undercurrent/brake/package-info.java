/** Holds updates back where a signal of the database's health says so, and tells others. */
@NullMarked
@ApplicationModule(allowedDependencies = {"health", "lease", "stop", "state", "database", "time"})
package io.undercurrent.brake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
