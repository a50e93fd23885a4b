/** Runs the updates of a queue: takes the lease, launches, restarts, deals with failures. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "failure",
      "quarantine",
      "status",
      "state",
      "history",
      "lease",
      "ledger",
      "health",
      "brake",
      "kind",
      "iteration",
      "stop",
      "job",
      "queue",
      "sql",
      "controller",
      "database",
      "time",
      "execution",
      "window"
    })
package io.undercurrent.runner;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
