/** The updates waiting on one database, their runs, and what operators wish of them. */
@NullMarked
@ApplicationModule(allowedDependencies = {"state", "database"})
package io.undercurrent.queue;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
