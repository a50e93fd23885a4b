/** Updates that run statements outside of all transactions, such as VACUUM. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "ddl",
      "kind",
      "lease",
      "iteration",
      "yaml",
      "sql",
      "failure",
      "stop",
      "database",
      "time"
    })
package io.undercurrent.outside;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
