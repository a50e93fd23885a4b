/** The console, its verbs one by one from the command line, and their exit codes. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "configuration",
      "chart",
      "command",
      "json",
      "doctor",
      "status",
      "worker",
      "state",
      "failure",
      "lease",
      "history",
      "sample",
      "access",
      "job",
      "kind",
      "yaml",
      "queue",
      "iteration",
      "sql",
      "controller",
      "quarantine",
      "database",
      "database :: *"
    })
package io.undercurrent.shell;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
