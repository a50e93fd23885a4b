/** The databases that are configured. */
@NullMarked
@NamedInterface("registry")
package io.undercurrent.database.registry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
