/** The databases that Undercurrent works on: connections, schema, the embedded server. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.undercurrent.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
