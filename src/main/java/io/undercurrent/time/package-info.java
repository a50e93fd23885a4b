/** How time passes for the engine, so that tests can step it; points in time are a Clock's. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.undercurrent.time;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
