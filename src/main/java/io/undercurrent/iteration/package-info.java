/**
 * One iteration of an update: the controller around it, its transaction, its timeouts, and what is
 * kept of it.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "failure",
      "quarantine",
      "stop",
      "controller",
      "database",
      "time",
      "pace",
      "iteration"
    })
package io.undercurrent.iteration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
