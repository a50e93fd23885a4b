/** Statements of job files, and what PostgreSQL's planner says about them. */
@NullMarked
@ApplicationModule(allowedDependencies = {"database"})
package io.undercurrent.sql;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
