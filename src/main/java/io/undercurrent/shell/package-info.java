/** The console, its verbs one by one from the command line, and their exit codes. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "configuration",
      "runner",
      "history",
      "sample",
      "access",
      "job",
      "queue",
      "database"
    })
package io.undercurrent.shell;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
