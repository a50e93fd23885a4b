package io.undercurrent.shell.system;

import io.undercurrent.database.RefusedException;
import io.undercurrent.shell.language.CommandLine;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.view.Backend;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.stereotype.Component;

/** {@code serve}: updates and HTTP, no console. */
@Component
final class ServeVerb {

  private final Backend backend;
  private final ObjectProvider<CommandLine> commandLine;

  ServeVerb(Backend backend, ObjectProvider<CommandLine> commandLine) {
    this.backend = backend;
    this.commandLine = commandLine;
  }

  @Command(
      name = CommandLine.SERVE,
      group = Groups.WORK,
      description = "Run updates and answer HTTP, as a service",
      help =
          """
          HTTP is at http://127.0.0.1:8009 unless undercurrent.admin.address and
          undercurrent.admin.port say otherwise; it takes a token: see help token.
          A page for browsers that shows all databases, and pauses and resumes, is at
          http://127.0.0.1:8009/undercurrent/.
          Health and metrics are at http://127.0.0.1:8010/actuator, for this machine
          only: health/liveness, health/readiness, prometheus. Another port:
          undercurrent.admin.management-port.
          SIGTERM stops at the next iteration boundary; the exit code is then 0.
          A second one stands by and takes over when the first ends; one whose port
          is taken waits for it. serve ends at once, with a message and exit code 1,
          where an address, a port, a TLS bundle or the file of tokens cannot be
          used. A database that is down is tried until it is up.

          Example:
            serve""")
  void serve() throws InterruptedException {
    if (commandLine.stream().anyMatch(CommandLine::opensConsole)) {
      throw new RefusedException(
          "The console runs updates already. For HTTP start it with --undercurrent.admin.enabled=true, or leave it and start: serve");
    }
    var terminated = new CountDownLatch(1);
    // Java's own handler would exit with 143, which looks like a failure.
    Signals.register("TERM", terminated::countDown);
    backend.databases(null).forEach(backend::startRunner);
    terminated.await();
  }
}
