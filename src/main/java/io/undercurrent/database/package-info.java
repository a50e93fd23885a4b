/** Databases that Undercurrent works on: connections, failures in words, its schema. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.undercurrent.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
