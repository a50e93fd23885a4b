/** The sample homeserver, made by SQL. */
@NullMarked
@ApplicationModule(allowedDependencies = {"runner", "history", "database"})
package io.undercurrent.sample;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
