/** A page for browsers that shows all databases, and its API. */
@NullMarked
package io.undercurrent.admin.page;

import org.jspecify.annotations.NullMarked;
