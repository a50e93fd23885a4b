package io.undercurrent.shell.language;

import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Stopwatch;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.InputReader;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandExecutionException;
import org.springframework.shell.core.command.CommandExecutor;
import org.springframework.shell.core.command.CommandRegistry;

/** Carries commands out, one after the other, and turns what becomes of each into an exit code. */
public final class Session {

  private static final Duration TIDYING_UP = Duration.ofSeconds(1);

  private final StrictParser parser;
  private final CommandRegistry registry;
  private final CommandExecutor executor;
  private final Screen screen;
  private final Failures failures;
  private volatile @Nullable Thread performing;
  private volatile boolean over;

  public Session(Verbs verbs, Screen screen, Failures failures) {
    this.parser = new StrictParser(verbs);
    this.registry = verbs.registry();
    this.executor = new CommandExecutor(registry);
    this.screen = screen;
    this.failures = failures;
  }

  /**
   * Carries out a line as it is typed; a blank one and a comment do nothing.
   *
   * @param where the line is, for a message, such as {@code "line 3, "}; empty for nowhere special
   */
  public int perform(String line, String where) {
    if (line.isBlank() || line.strip().startsWith("#")) {
      return ExitCode.DONE;
    }
    try {
      return perform(Words.of(line));
    } catch (UsageException e) {
      screen.say(where + e.getMessage());
      return ExitCode.MISUSED;
    }
  }

  /** Carries out one verb with the words after it. */
  public int perform(List<String> words) {
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
      screen.out().flush();
      performed();
    }
  }

  private synchronized void performed() {
    performing = null;
    notifyAll();
  }

  /**
   * Ends the session; a command that is being carried out is interrupted, and silent, and gets a
   * moment to leave the terminal as it was.
   */
  public synchronized void end() {
    over = true;
    if (performing == null || performing == Thread.currentThread()) {
      return;
    }
    performing.interrupt();
    try {
      var watch = new Stopwatch();
      while (performing != null && watch.elapsed().compareTo(TIDYING_UP) < 0) {
        wait(TIDYING_UP.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public boolean over() {
    return over;
  }

  private int ended(String verb, Throwable cause) {
    screen.out().flush();
    if (cause instanceof WishStandsException wish) {
      screen.say(String.valueOf(wish.getMessage()));
      return ExitCode.INTERRUPTED;
    }
    if (over) {
      return ExitCode.INTERRUPTED;
    }
    if (cause instanceof InterruptedException) {
      screen.say("Interrupted. Updates in the background go on.");
      return ExitCode.INTERRUPTED;
    }
    return failures.tell(verb, cause);
  }
}
