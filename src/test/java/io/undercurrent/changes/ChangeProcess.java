package io.undercurrent.changes;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.process.ChildProcess;
import io.undercurrent.testing.process.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process with nothing but the engine and the job of one change, for tests that kill it: works
 * through the queue of one database and ends when it is empty.
 */
final class ChangeProcess {

  private ChangeProcess() {}

  static ChildProcess start(RealChange change, Database database) throws IOException {
    var settings = database.settings();
    var command =
        JavaCommand.of(
            ChangeProcess.class,
            List.of("-Xmx256m", "-Duser.timezone=UTC"),
            settings.url(),
            String.valueOf(settings.username()),
            change.directory().toString());
    return ChildProcess.start(command, new File("target/ChangeProcess.log"));
  }

  /** Iterations come fast, but not so fast that none is hit. */
  public static void main(String[] args) throws InterruptedException {
    var settings = new DatabaseSettings("master", args[0], args[1], null);
    var script =
        new ScriptedController()
            .target(Duration.ofMillis(10))
            .onEnter(
                () -> {
                  Thread.sleep(10);
                  return null;
                });
    try (var engine = new RealChange(Path.of(args[2])).engine(settings, script)) {
      engine.run().awaitEmptyQueue(Duration.ofMinutes(5));
    }
  }
}
