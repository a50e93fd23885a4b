package io.undercurrent.testing.process;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.index;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.ScriptedController;
import java.io.IOException;
import java.time.Duration;

/**
 * A process with nothing but the engine, for tests that kill it: works through the queue of one
 * database and ends when it is empty.
 */
public final class EngineProcess {

  public static final String TABLE = "numbers";

  private EngineProcess() {}

  public static ChildProcess start(Database database) throws IOException {
    return ChildProcess.start(EngineProcess.class, database);
  }

  public static void main(String[] args) throws InterruptedException {
    var settings = new DatabaseSettings("master", args[0], args[1], null);
    try (var database = new Database(settings);
        var engine =
            new Engine(
                database,
                new ScriptedController().target(Duration.ofMillis(5)).controller(),
                job(counting(TABLE, TABLE)),
                job(update("index", index(TABLE, false, null))))) {
      engine.run().awaitEmptyQueue(Duration.ofMinutes(5));
    }
  }
}
