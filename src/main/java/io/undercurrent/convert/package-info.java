/** Updates that give a column another type while its table is in use. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "failure",
      "index",
      "rows",
      "page",
      "ddl",
      "kind",
      "iteration",
      "queue",
      "stop",
      "yaml",
      "sql",
      "database",
      "time",
      "key"
    })
package io.undercurrent.convert;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
