/** What an update is, whatever its kind, and what a kind has to bring. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "controller",
      "failure",
      "iteration",
      "yaml",
      "sql",
      "database",
      "window",
      "time",
      "key",
      "plan"
    })
package io.undercurrent.kind;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
