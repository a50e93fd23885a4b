/** Updates that verify that no row is what it must not be; they change nothing. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "rows",
      "page",
      "kind",
      "iteration",
      "yaml",
      "sql",
      "bean",
      "failure",
      "database",
      "key"
    })
package io.undercurrent.verify;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
