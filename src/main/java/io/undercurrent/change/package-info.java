/** Updates that change or delete rows of a table, said in fewer words than read and write. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"rows", "page", "kind", "iteration", "yaml", "sql", "database", "key"})
package io.undercurrent.change;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
