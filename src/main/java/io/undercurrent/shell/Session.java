package io.undercurrent.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.shell.core.InputReader;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandExecutionException;
import org.springframework.shell.core.command.CommandExecutor;
import org.springframework.shell.core.command.CommandRegistry;

/** Carries commands out, one after the other, and turns what becomes of each into an exit code. */
final class Session {

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private final StrictParser parser;
  private final CommandRegistry registry;
  private final CommandExecutor executor;
  private final Screen screen;
  private final String logFile;
  private volatile @Nullable Thread performing;
  private volatile boolean over;

  /**
   * Makes a session.
   *
   * @param logFile where the details of a defect are, as the operator can find it
   */
  Session(Verbs verbs, Screen screen, String logFile) {
    this.parser = new StrictParser(verbs);
    this.registry = verbs.registry();
    this.executor = new CommandExecutor(registry);
    this.screen = screen;
    this.logFile = logFile;
  }

  /** Carries out one verb with the words behind it. */
  int perform(List<String> words) {
    performing = Thread.currentThread();
    try {
      var input = parser.parse(words);
      return executor
          .execute(new CommandContext(input, registry, screen.out(), new InputReader() {}))
          .code();
    } catch (UsageException e) {
      return ended(words.get(0), e);
    } catch (CommandExecutionException e) {
      return ended(words.get(0), e.getCause() == null ? e : e.getCause());
    } finally {
      performing = null;
      screen.out().flush();
    }
  }

  /** Ends the session; a command that is being carried out is interrupted, and silent. */
  void end() {
    over = true;
    var thread = performing;
    if (thread != null) {
      thread.interrupt();
    }
  }

  boolean over() {
    return over;
  }

  private int ended(String verb, Throwable cause) {
    screen.out().flush();
    if (cause instanceof InterruptedException || over) {
      return ExitCode.INTERRUPTED;
    }
    var failure = Failure.of(cause);
    if (failure.unexpected()) {
      log.error("{} failed", verb, cause);
    }
    screen.say(
        failure.after(verb + " failed")
            + (failure.unexpected() ? ". Details are in " + logFile : ""));
    return failure.exitCode();
  }
}
