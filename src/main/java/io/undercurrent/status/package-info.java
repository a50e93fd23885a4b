/** What a database's queue is doing, and why nothing moves, read from its rows. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "kind",
      "history",
      "iteration",
      "lease",
      "brake",
      "state",
      "job",
      "queue",
      "sql",
      "controller",
      "database",
      "window",
      "key"
    })
package io.undercurrent.status;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
