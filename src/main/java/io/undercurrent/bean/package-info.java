/**
 * The processors and writers that job files name: the rows that they get, and how they are called.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"failure", "stop", "time", "database"})
package io.undercurrent.bean;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
