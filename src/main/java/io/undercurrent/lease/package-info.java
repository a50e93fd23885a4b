/**
 * The right of one process to run the updates of a database, and its proof in every transaction.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"failure", "iteration", "state", "database", "time"})
package io.undercurrent.lease;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
