/** Rows on which updates have failed, put aside so that the rest could go on. */
@NullMarked
@ApplicationModule(allowedDependencies = {"failure", "database"})
package io.undercurrent.quarantine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
