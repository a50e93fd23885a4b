package io.undercurrent.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.InputReader;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandExecutionException;
import org.springframework.shell.core.command.CommandExecutor;
import org.springframework.shell.core.command.CommandRegistry;

/** Carries commands out, one after the other, and turns what becomes of each into an exit code. */
final class Session {

  private final StrictParser parser;
  private final CommandRegistry registry;
  private final CommandExecutor executor;
  private final Screen screen;
  private final Failures failures;
  private volatile @Nullable Thread performing;
  private volatile boolean over;

  Session(Verbs verbs, Screen screen, Failures failures) {
    this.parser = new StrictParser(verbs);
    this.registry = verbs.registry();
    this.executor = new CommandExecutor(registry);
    this.screen = screen;
    this.failures = failures;
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
    return failures.tell(verb, cause);
  }
}
