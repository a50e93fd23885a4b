/**
 * Keys of tables and queries: their order, ranges of them, and the statements that walk over them.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"sql", "database"})
package io.undercurrent.key;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
