package io.undercurrent.shell.screen;

import java.util.Optional;
import org.jline.terminal.Terminal;

/** The terminal that the operator sits at. */
@FunctionalInterface
public interface Tty {

  /** The terminal; empty where input or output is a pipe or a file. */
  Optional<Terminal> find();
}
