/** The console's language: verbs, their parameters, help and completion. */
@NullMarked
@NamedInterface("language")
package io.undercurrent.shell.language;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
