/** A YAML file's values, each read as what it is expected to be; everything else is a problem. */
@NullMarked
@ApplicationModule(allowedDependencies = {"sql", "database"})
package io.undercurrent.yaml;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
