/**
 * Executes an update as Spring Batch's job: its sessions, transactions, checkpoints and setbacks.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "failure",
      "quarantine",
      "status",
      "state",
      "history",
      "lane",
      "lease",
      "health",
      "kind",
      "iteration",
      "stop",
      "job",
      "queue",
      "sql",
      "controller",
      "database",
      "time",
      "window"
    })
package io.undercurrent.execution;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
