package io.undercurrent.shell.system;

import io.undercurrent.database.RefusedException;
import io.undercurrent.shell.language.CommandLine;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.Version;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.worker.WorkerProcess;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.stereotype.Component;

/** {@code worker}: slices of other processes' runs, no updates of its own. */
@Component
final class WorkerVerb {

  private final Backend backend;
  private final ObjectProvider<WorkerProcess> worker;
  private final ObjectProvider<CommandLine> commandLine;

  WorkerVerb(
      Backend backend,
      ObjectProvider<WorkerProcess> worker,
      ObjectProvider<CommandLine> commandLine) {
    this.backend = backend;
    this.worker = worker;
    this.commandLine = commandLine;
  }

  @Command(
      name = CommandLine.WORKER,
      group = Groups.WORK,
      description = "Work on slices of another machine's updates, as a service",
      help =
          """
          Takes slices of updates that run elsewhere in several lanes, and whose beans
          need more than one machine's processors. Both sides name the same broker,
          ActiveMQ Artemis, by undercurrent.workers.broker-url, and the same databases,
          job files and modules; undercurrent.workers.lanes says how many slices it
          works on at the same time. It runs no updates and answers no HTTP.
          SIGTERM stops at the next iteration boundaries; the slices go to others, and
          the exit code is 0.

          Example:
            worker""")
  void worker() throws InterruptedException {
    if (commandLine.stream().anyMatch(CommandLine::opensConsole)) {
      throw new RefusedException(
          "The console runs updates itself. Start a worker in a process of its own: worker");
    }
    var terminated = new CountDownLatch(1);
    // Java's own handler would exit with 143, which looks like a failure.
    Signals.register("TERM", terminated::countDown);
    backend.databases();
    try (var working = worker.getObject()) {
      working.start(Objects.requireNonNullElse(Version.ofThisProcess().version(), "not packaged"));
      terminated.await();
    }
  }
}
