/** The states of an update, what may hold it, and the sentences that say so. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.undercurrent.state;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
