/** The rows of a table, a query or a file, a chunk at a time in the order of a key. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "failure",
      "kind",
      "iteration",
      "sql",
      "csv",
      "bean",
      "database",
      "key",
      "plan"
    })
package io.undercurrent.page;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
