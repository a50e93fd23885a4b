/** What operators and programs ask of Undercurrent; the console and the HTTP API stand on it. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "doctor",
      "failure",
      "quarantine",
      "runner",
      "status",
      "state",
      "history",
      "lease",
      "brake",
      "health",
      "kind",
      "change",
      "constraint",
      "rows",
      "run",
      "convert",
      "outside",
      "verify",
      "index",
      "iteration",
      "job",
      "queue",
      "sql",
      "controller",
      "database",
      "database :: registry",
      "time",
      "window",
      "execution"
    })
package io.undercurrent.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
