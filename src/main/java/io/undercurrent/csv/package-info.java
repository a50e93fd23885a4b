/** CSV files, a line at a time, of which it is sure that they stay as they are. */
@NullMarked
@ApplicationModule(allowedDependencies = {"database"})
package io.undercurrent.csv;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
