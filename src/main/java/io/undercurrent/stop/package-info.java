/** How a running step is asked to stop: at the next boundary, or at once if it takes long. */
@NullMarked
@ApplicationModule(allowedDependencies = {"time"})
package io.undercurrent.stop;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
