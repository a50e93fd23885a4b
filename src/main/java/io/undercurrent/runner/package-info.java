/**
 * Works off the queues: lease, launch, restart, failures; and the facade that commands come in by.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"chunk", "job", "queue", "controller", "database"})
package io.undercurrent.runner;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
