package io.undercurrent.shell;

import io.undercurrent.shell.language.ExitCode;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.system.HelpVerb;
import java.io.LineNumberReader;

/** Commands from a pipe or a file, a line each, until the first that fails. */
final class Script {

  private final Session session;
  private final LineNumberReader lines;

  Script(Session session, LineNumberReader lines) {
    this.session = session;
    this.lines = lines;
  }

  /** Returns the exit code of the last command. */
  int run() {
    return lines
        .lines()
        .takeWhile(line -> !HelpVerb.isFarewell(line))
        .mapToInt(this::perform)
        .filter(code -> code != ExitCode.DONE)
        .findFirst()
        .orElse(ExitCode.DONE);
  }

  private int perform(String line) {
    return session.perform(line, "line %d, ".formatted(lines.getLineNumber()));
  }
}
