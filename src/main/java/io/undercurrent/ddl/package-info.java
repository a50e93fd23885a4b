/** Changes of the structure of a database, next to its application: sessions, locks, patience. */
@NullMarked
@ApplicationModule(allowedDependencies = {"iteration", "stop", "database", "time"})
package io.undercurrent.ddl;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
