package io.undercurrent.shell;

import io.undercurrent.shell.language.CommandLine;
import io.undercurrent.shell.language.ExitCode;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.screen.Screens;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.stereotype.Component;

/**
 * Does what the command line asks for: opens the console, or carries out one verb.
 *
 * <p>Stands in for Spring Shell 4.0.1's runners, which lose exit codes and quoting.
 */
@Component
final class EntryPoint implements ApplicationRunner, ExitCodeGenerator {

  private final ObjectProvider<CommandLine> commandLine;
  private final ObjectProvider<Session> session;
  private final ObjectProvider<Workplace> workplace;
  private int exitCode;

  EntryPoint(
      ObjectProvider<CommandLine> commandLine,
      ObjectProvider<Session> session,
      ObjectProvider<Workplace> workplace) {
    this.commandLine = commandLine;
    this.session = session;
    this.workplace = workplace;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    commandLine.ifAvailable(asked -> exitCode = run(asked));
  }

  private int run(CommandLine asked) {
    if (!asked.opensConsole()) {
      return session.getObject().perform(asked.words());
    }
    if (!Screens.interactive()) {
      var lines = new LineNumberReader(new InputStreamReader(System.in));
      return new Script(session.getObject(), lines).run();
    }
    workplace.getObject().open();
    return ExitCode.DONE;
  }

  @Override
  public int getExitCode() {
    return exitCode;
  }
}
