package io.undercurrent.shell.system;

import io.undercurrent.database.RefusedException;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.Tty;
import org.jline.utils.InfoCmp.Capability;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.stereotype.Component;

/** {@code clear}: an empty screen. */
@Component
public final class ClearVerb {

  private final Tty tty;

  public ClearVerb(Tty tty) {
    this.tty = tty;
  }

  @Command(
      name = "clear",
      group = Groups.CONSOLE,
      description = "Clear the screen",
      help =
          """
          Ctrl-L does the same.

          Example:
            clear""")
  void clear() {
    var terminal =
        tty.find()
            .orElseThrow(
                () -> new RefusedException("Expected a terminal to clear, found a pipe or a file"));
    terminal.puts(Capability.clear_screen);
    terminal.flush();
  }
}
