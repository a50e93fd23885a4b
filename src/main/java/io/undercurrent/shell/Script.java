package io.undercurrent.shell;

import io.undercurrent.shell.language.ExitCode;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.verb.HelpVerb;
import java.io.BufferedReader;
import java.util.List;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.DefaultParser;

/** Commands from a pipe or a file, a line each, until the first that fails. */
final class Script {

  private final Session session;
  private final BufferedReader lines;

  Script(Session session, BufferedReader lines) {
    this.session = session;
    this.lines = lines;
  }

  /** Returns the exit code of the last command. */
  int run() {
    return lines
        .lines()
        .map(Script::words)
        .filter(words -> !words.isEmpty() && !words.get(0).startsWith("#"))
        .takeWhile(words -> !HelpVerb.isFarewell(words))
        .mapToInt(session::perform)
        .filter(code -> code != ExitCode.DONE)
        .findFirst()
        .orElse(ExitCode.DONE);
  }

  private static List<String> words(String line) {
    return new DefaultParser()
        .parse(line, line.length(), ParseContext.ACCEPT_LINE).words().stream()
            .filter(word -> !word.isBlank())
            .toList();
  }
}
