/** Several machines: processes that work on slices of a runner's run, found through a broker. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "brake",
      "database",
      "database :: registry",
      "execution",
      "failure",
      "iteration",
      "job",
      "kind",
      "lane",
      "lease",
      "queue",
      "state",
      "status",
      "stop",
      "time"
    })
package io.undercurrent.worker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
