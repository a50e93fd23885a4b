package io.undercurrent.shell;

import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal.Signal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console on a terminal: reads lines and has them carried out.
 *
 * <p>Stands in for Spring Shell 4.0.1's runner, which leaves on Ctrl-C.
 */
final class Console {

  private static final List<String> FAREWELLS = List.of("quit", "exit");

  private static final Logger log = LoggerFactory.getLogger(Console.class);

  private final Session session;
  private final LineReader reader;
  private final Prompt prompt;
  private final Screen screen;
  private final Backend backend;
  private final Pulse pulse;

  Console(
      Session session,
      LineReader reader,
      Prompt prompt,
      Screen screen,
      Backend backend,
      Pulse pulse) {
    this.session = session;
    this.reader = reader;
    this.prompt = prompt;
    this.screen = screen;
    this.backend = backend;
    this.pulse = pulse;
  }

  /** Works the queues off in the background while it reads; returns when the operator leaves. */
  void run() {
    screen.say("Undercurrent. help lists the verbs, demo shows it at work.");
    startRunners();
    pulse.start(this::refresh);
    read();
    pulse.close();
  }

  private void startRunners() {
    try {
      backend.databases(null).forEach(backend::startRunner);
    } catch (RuntimeException e) {
      var failure = Failure.of(e);
      if (failure.unexpected()) {
        log.error("The runners could not be started", e);
      }
      screen.say(failure.after("The runners could not be started"));
    }
  }

  private void read() {
    while (!session.over()) {
      try {
        reader.readLine(prompt.getPrompt().toAnsi());
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        return;
      }
      var words = reader.getParsedLine().words().stream().filter(word -> !word.isBlank()).toList();
      if (!words.isEmpty()) {
        if (FAREWELLS.contains(words.get(0))) {
          return;
        }
        perform(words);
      }
    }
  }

  /** Ctrl-C interrupts the command, not the console. */
  private void perform(List<String> words) {
    var thread = Thread.currentThread();
    var terminal = reader.getTerminal();
    var before = terminal.handle(Signal.INT, signal -> thread.interrupt());
    try {
      if (session.perform(words) == ExitCode.INTERRUPTED) {
        screen.say("Interrupted. What runs in the background goes on.");
      }
    } finally {
      terminal.handle(Signal.INT, before);
      Thread.interrupted();
    }
  }

  /** Draws the prompt anew, if one stands there. */
  void refresh() {
    if (reader instanceof LineReaderImpl line && line.isReading()) {
      line.setPrompt(prompt.getPrompt().toAnsi());
      line.redisplay();
    }
  }
}
