/** Who may come in by HTTP with a token of Undercurrent's own. */
@NullMarked
@ApplicationModule(allowedDependencies = {"database"})
package io.undercurrent.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
