/** The embedded PostgreSQL server. */
@NullMarked
@NamedInterface("embedded")
package io.undercurrent.database.embedded;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
