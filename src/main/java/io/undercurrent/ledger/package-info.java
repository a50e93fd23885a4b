/** What runs spend their time on, and what they do each minute, written down as they go on. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "execution",
      "status",
      "state",
      "lease",
      "iteration",
      "stop",
      "queue",
      "controller",
      "database",
      "time"
    })
package io.undercurrent.ledger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
