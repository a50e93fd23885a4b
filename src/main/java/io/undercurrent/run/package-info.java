/** Updates that run SQL once, in one transaction. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "ddl",
      "failure",
      "kind",
      "iteration",
      "yaml",
      "sql",
      "controller",
      "time",
      "database",
      "plan"
    })
package io.undercurrent.run;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
