/** What is wrong around Undercurrent in a database, each with its cure. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "runner",
      "execution",
      "status",
      "state",
      "kind",
      "job",
      "lease",
      "health",
      "iteration",
      "queue",
      "database",
      "time"
    })
package io.undercurrent.doctor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
