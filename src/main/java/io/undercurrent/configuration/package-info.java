/** What is wrong with the configuration, in an operator's words. */
@NullMarked
@ApplicationModule(allowedDependencies = {"controller", "database"})
package io.undercurrent.configuration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
