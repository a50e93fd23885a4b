/** The verbs. */
@NullMarked
@NamedInterface("verb")
package io.undercurrent.shell.verb;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
