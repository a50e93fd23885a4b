/** Updates that read rows in key order and write them in chunks. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "failure",
      "quarantine",
      "page",
      "advice",
      "kind",
      "iteration",
      "yaml",
      "sql",
      "controller",
      "bean",
      "stop",
      "time",
      "database",
      "key",
      "plan",
      "pace"
    })
package io.undercurrent.rows;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
