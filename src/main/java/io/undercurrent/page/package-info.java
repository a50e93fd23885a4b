/** The rows of a table or a query, a chunk at a time in the order of a key. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"failure", "kind", "iteration", "sql", "bean", "database"})
package io.undercurrent.page;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
