/**
 * The Spring Batch step of an update: adaptive chunks, keyset reader, set-based writer, one-shots.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"job", "controller", "database"})
package io.undercurrent.chunk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
