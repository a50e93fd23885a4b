/** Background updates on live PostgreSQL databases. */
@NullMarked
package io.undercurrent;

import org.jspecify.annotations.NullMarked;
