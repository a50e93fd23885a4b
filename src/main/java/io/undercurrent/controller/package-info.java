/**
 * The callbacks that pace iterations, on_update, default_batch_size and min_batch_size; and
 * modules, which bring them.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"bean", "pace", "time"})
package io.undercurrent.controller;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
