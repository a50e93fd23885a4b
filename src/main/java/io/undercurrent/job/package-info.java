/** Job files: parsing, validation with every problem at once, and the catalogue. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "controller",
      "failure",
      "kind",
      "iteration",
      "queue",
      "yaml",
      "sql",
      "database",
      "window"
    })
package io.undercurrent.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
