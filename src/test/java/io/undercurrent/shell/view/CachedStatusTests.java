package io.undercurrent.shell.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class CachedStatusTests {

  @Test
  void namesWhatIsQueuedOnTheDatabaseThatIsMeant(
      Database main, TestDatabases made, @TempDir Path jobs) {
    var archive = made.create("archive");
    var down = new DatabaseSettings("down", "jdbc:postgresql://127.0.0.1:1/x", "u", null);
    new UpdateQueue(main).add("titles", List.of(new NewUpdate("fill_titles", null, 0)));
    new UpdateQueue(archive).add("purge", List.of(new NewUpdate("purge", null, 0)));
    try (var engine = new JobEngine(jobs, main, archive.settings(), down);
        var pulse = new CachedStatus(new Backend(() -> engine.updates, () -> engine.databases))) {
      pulse.beat();

      assertThat(pulse.queued(null)).containsExactly("fill_titles");
      assertThat(pulse.queued("archive")).containsExactly("purge");
      assertThat(pulse.queued("down")).isEmpty();
      assertThat(pulse.queued("nowhere")).isEmpty();
    }
  }
}
