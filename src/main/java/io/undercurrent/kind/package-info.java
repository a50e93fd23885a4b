/**
 * What all kinds of update have in common: the step that does one, and the check of its job file.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"rows", "index", "iteration", "sql", "job", "controller", "database"})
package io.undercurrent.kind;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
