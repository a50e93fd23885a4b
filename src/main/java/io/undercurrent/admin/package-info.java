/** The HTTP API: a homeserver's background updates admin API, byte for byte. */
@NullMarked
@ApplicationModule(allowedDependencies = {"runner", "queue", "access", "database"})
package io.undercurrent.admin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
