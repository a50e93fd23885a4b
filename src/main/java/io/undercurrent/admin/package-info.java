/**
 * HTTP: a homeserver's background updates admin API, byte for byte; a page for browsers; health and
 * metrics.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "json",
      "chart",
      "history",
      "command",
      "execution",
      "iteration",
      "status",
      "state",
      "lease",
      "queue",
      "access",
      "time",
      "database",
      "database :: registry"
    })
package io.undercurrent.admin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
