/** What a database's queue is doing, and why nothing moves, read from its rows. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "kind",
      "rows",
      "index",
      "history",
      "iteration",
      "lease",
      "state",
      "job",
      "queue",
      "controller",
      "database"
    })
package io.undercurrent.status;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
