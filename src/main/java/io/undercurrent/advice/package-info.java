/** What a check warns of, by plans and by the catalogue: what would make a sound update slow. */
@NullMarked
@ApplicationModule(allowedDependencies = {"kind", "sql", "plan"})
package io.undercurrent.advice;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
