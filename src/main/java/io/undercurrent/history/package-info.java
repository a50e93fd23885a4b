/** Past and present runs, from Spring Batch's tables. */
@NullMarked
@ApplicationModule(allowedDependencies = {"quarantine", "database"})
package io.undercurrent.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
