/** The verbs about the installation: its databases, its server, its tokens, its health. */
@NullMarked
@NamedInterface("system")
package io.undercurrent.shell.system;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
