/** Updates that run SQL once, in one transaction. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"kind", "iteration", "yaml", "sql", "controller", "database"})
package io.undercurrent.run;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
