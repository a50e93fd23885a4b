package io.undercurrent.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.chunk.Beans;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.Databases;
import io.undercurrent.database.PostgresTest;
import io.undercurrent.database.TestDatabases;
import io.undercurrent.job.Jobs;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.runner.BackgroundUpdates;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class PulseTests {

  @Test
  void namesWhatIsQueuedOnTheDatabaseThatIsMeant(
      Database main, TestDatabases made, @TempDir Path jobs) {
    var archive = made.create("archive");
    var down = new DatabaseSettings("down", "jdbc:postgresql://127.0.0.1:1/x", "u", null);
    new UpdateQueue(main).add("titles", List.of(new NewUpdate("fill_titles", null, 0)));
    new UpdateQueue(archive).add("purge", List.of(new NewUpdate("purge", null, 0)));
    try (var databases = Databases.of(main.settings(), archive.settings(), down);
        var updates =
            new BackgroundUpdates(
                databases, new Jobs(jobs, property -> null), TestShell.sleepless(), Beans.NONE);
        var pulse = new Pulse(new Backend(() -> updates, () -> databases))) {
      pulse.beat();

      assertThat(pulse.queued(null)).containsExactly("fill_titles");
      assertThat(pulse.queued("archive")).containsExactly("purge");
      assertThat(pulse.queued("down")).isEmpty();
      assertThat(pulse.queued("nowhere")).isEmpty();
    }
  }
}
