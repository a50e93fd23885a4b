/** Updates that build an index, concurrently. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"iteration", "sql", "job", "controller", "database", "time"})
package io.undercurrent.index;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
