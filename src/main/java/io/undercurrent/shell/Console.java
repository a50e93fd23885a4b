package io.undercurrent.shell;

import io.undercurrent.shell.language.ExitCode;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.FullScreen;
import io.undercurrent.shell.system.HelpVerb;
import io.undercurrent.shell.view.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
  private final Supplier<List<String>> news;
  private volatile boolean atPrompt;

  /**
   * Makes a console.
   *
   * @param news what has ended in the background since it was asked for last
   */
  Console(Session session, LineReader reader, Prompt prompt, Supplier<List<String>> news) {
    this.news = news;
    this.session = session;
    this.reader = reader;
    this.prompt = prompt;
  }

  /** Reads and carries out; returns when the operator leaves. */
  void run() {
    var lines = read();
    while (lines.isPresent() && goesOn(lines.get())) {
      lines = read();
    }
  }

  /**
   * What was typed: several lines if they were pasted, none if Ctrl-C gave it up; empty at the end.
   */
  private Optional<List<String>> read() {
    if (session.over()) {
      return Optional.empty();
    }
    news().forEach(reader.getTerminal().writer()::println);
    atPrompt = true;
    try {
      return Optional.of(reader.readLine(prompt()).lines().toList());
    } catch (UserInterruptException e) {
      return Optional.of(List.of());
    } catch (EndOfFileException e) {
      return Optional.empty();
    } finally {
      atPrompt = false;
    }
  }

  /** Carries lines out until one leaves or is interrupted. */
  private boolean goesOn(List<String> lines) {
    for (var i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      if (i > 0) {
        reader.getTerminal().writer().println(prompt.getPrompt() + line);
      }
      if (HelpVerb.isFarewell(line) || session.over()) {
        return false;
      }
      if (perform(line) == ExitCode.INTERRUPTED) {
        return true;
      }
    }
    return true;
  }

  /** Ctrl-C interrupts the command, not the console. */
  private int perform(String line) {
    var thread = Thread.currentThread();
    var terminal = reader.getTerminal();
    var before = terminal.handle(Signal.INT, signal -> thread.interrupt());
    try {
      return session.perform(line, "");
    } finally {
      terminal.handle(Signal.INT, before);
      Thread.interrupted();
    }
  }

  /** JLine takes a percent sign for the beginning of a pattern. */
  private String prompt() {
    return prompt.getPrompt().toString().replace("%", "%%");
  }

  /** The news in lines that fit the terminal. */
  private Stream<String> news() {
    var width = reader.getTerminal().getWidth();
    return news.get().stream()
        .flatMap(sentence -> DescriptionList.wrapped(sentence, width).stream());
  }

  /**
   * Draws the prompt anew, with the news above it, if one stands there and the terminal can move
   * its cursor back.
   */
  void refresh() {
    if (atPrompt
        && FullScreen.isPossible(reader.getTerminal())
        && reader instanceof LineReaderImpl line
        && line.isReading()) {
      news().forEach(line::printAbove);
      line.setPrompt(prompt());
      line.redisplay();
    }
  }
}
