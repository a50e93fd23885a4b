/** Errors of an iteration: what each means, and what is done about it. */
@NullMarked
@ApplicationModule(allowedDependencies = {"database"})
package io.undercurrent.failure;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
