/** Whether a database is well enough for updates: what is looked at, and what holds them. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "lease",
      "queue",
      "stop",
      "state",
      "database",
      "database :: registry",
      "time"
    })
package io.undercurrent.health;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
