/** The console, its verbs one by one from the command line, and their exit codes. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "configuration",
      "command",
      "doctor",
      "status",
      "state",
      "iteration",
      "failure",
      "lease",
      "history",
      "sample",
      "access",
      "job",
      "kind",
      "sql",
      "yaml",
      "queue",
      "controller",
      "quarantine",
      "runner",
      "database",
      "database :: *"
    })
package io.undercurrent.shell;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
