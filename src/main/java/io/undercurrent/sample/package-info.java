/** The sample homeserver, made by SQL. */
@NullMarked
@ApplicationModule(allowedDependencies = {"command", "history", "database"})
package io.undercurrent.sample;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
