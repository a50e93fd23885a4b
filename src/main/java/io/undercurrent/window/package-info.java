/** Time windows: spans of a day, or of some days of the week, within which updates run. */
@NullMarked
@ApplicationModule(allowedDependencies = {"database", "database :: registry"})
package io.undercurrent.window;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
