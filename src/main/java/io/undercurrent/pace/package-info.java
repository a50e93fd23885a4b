/**
 * How large a chunk is: what its rows have taken so far, and what it is held to after a setback.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.undercurrent.pace;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
