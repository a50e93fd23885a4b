/** What a run has done over time, as curves: one model, in characters and as SVG. */
@NullMarked
@ApplicationModule(allowedDependencies = "history")
package io.undercurrent.chart;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
