/** Updates that build an index, concurrently. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "failure",
      "ddl",
      "kind",
      "lease",
      "iteration",
      "stop",
      "yaml",
      "sql",
      "database",
      "time"
    })
package io.undercurrent.index;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
