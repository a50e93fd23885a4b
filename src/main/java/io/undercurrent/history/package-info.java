/** What Spring Batch's tables tell about past and present runs. */
@NullMarked
@ApplicationModule(allowedDependencies = "database")
package io.undercurrent.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
