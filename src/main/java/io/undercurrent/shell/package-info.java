/** The console, its verbs one by one from the command line, and their exit codes. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "configuration",
      "brake",
      "chart",
      "command",
      "json",
      "doctor",
      "status",
      "window",
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
