/** What PostgreSQL's planner says about statements. */
@NullMarked
@ApplicationModule(allowedDependencies = {"sql", "key", "database"})
package io.undercurrent.plan;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
