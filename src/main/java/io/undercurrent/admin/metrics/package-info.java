/** Meters of the runners of this process, and its health. */
@NullMarked
package io.undercurrent.admin.metrics;

import org.jspecify.annotations.NullMarked;
