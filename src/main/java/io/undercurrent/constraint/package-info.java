/** Updates that make columns NOT NULL, and that add and validate constraints. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "failure",
      "rows",
      "page",
      "ddl",
      "kind",
      "lease",
      "stop",
      "iteration",
      "yaml",
      "sql",
      "database",
      "time",
      "key"
    })
package io.undercurrent.constraint;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
