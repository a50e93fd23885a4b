package io.undercurrent.shell;

import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.screen.FullScreen;
import io.undercurrent.shell.verb.HelpVerb;
import io.undercurrent.shell.view.Prompt;
import java.util.List;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal.Signal;

/**
 * The console on a terminal: reads lines and has them carried out.
 *
 * <p>Stands in for Spring Shell 4.0.1's runner, which leaves on Ctrl-C.
 */
final class Console {

  private final Session session;
  private final LineReader reader;
  private final Prompt prompt;
  private volatile boolean atPrompt;

  Console(Session session, LineReader reader, Prompt prompt) {
    this.session = session;
    this.reader = reader;
    this.prompt = prompt;
  }

  /** Reads and carries out; returns when the operator leaves. */
  void run() {
    var words = read();
    while (words.isPresent() && !HelpVerb.isFarewell(words.get())) {
      if (!words.get().isEmpty()) {
        perform(words.get());
      }
      words = read();
    }
  }

  /** The words of a line, none where it was given up; empty at the end. */
  private Optional<List<String>> read() {
    if (session.over()) {
      return Optional.empty();
    }
    atPrompt = true;
    try {
      reader.readLine(prompt());
    } catch (UserInterruptException e) {
      return Optional.of(List.of());
    } catch (EndOfFileException e) {
      return Optional.empty();
    } finally {
      atPrompt = false;
    }
    return Optional.of(
        reader.getParsedLine().words().stream().filter(word -> !word.isBlank()).toList());
  }

  /** Ctrl-C interrupts the command, not the console. */
  private void perform(List<String> words) {
    var thread = Thread.currentThread();
    var terminal = reader.getTerminal();
    var before = terminal.handle(Signal.INT, signal -> thread.interrupt());
    try {
      session.perform(words);
    } finally {
      terminal.handle(Signal.INT, before);
      Thread.interrupted();
    }
  }

  /** JLine takes a percent sign for the beginning of a pattern. */
  private String prompt() {
    return prompt.getPrompt().toString().replace("%", "%%");
  }

  /** Draws the prompt anew, if one stands there and the terminal can move its cursor back. */
  void refresh() {
    if (atPrompt
        && FullScreen.isPossible(reader.getTerminal())
        && reader instanceof LineReaderImpl line
        && line.isReading()) {
      line.setPrompt(prompt());
      line.redisplay();
    }
  }
}
