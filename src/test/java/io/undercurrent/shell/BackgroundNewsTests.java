package io.undercurrent.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.command.Operator;
import io.undercurrent.database.Database;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.Endings;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class BackgroundNewsTests {

  private static final String MASTER = "master";

  private Database database;
  private JobEngine engine;
  private BackgroundUpdates updates;
  private Backend backend;
  private BackgroundNews news;
  private Endings endings;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    Rows.run(
        database,
        "CREATE TABLE halls (id bigint PRIMARY KEY, title text)",
        "INSERT INTO halls SELECT generate_series(1, 3)");
    Files.writeString(
        jobs.resolve("titles.yaml"),
        """
        updates:
          - name: fill_titles
            read: {table: halls, key: [id]}
            write: UPDATE halls SET title = 'x' FROM chunk WHERE halls.id = chunk.id
        """);
    Files.writeString(
        jobs.resolve("broken.yaml"),
        """
        updates:
          - name: divide
            run: SELECT length(pg_read_file('gone'))
        """);
    engine = new JobEngine(jobs, database);
    updates = engine.updates;
    backend = new Backend(() -> updates, () -> engine.databases);
    news = new BackgroundNews(backend, new Times(ZoneOffset.UTC));
    endings = new Endings(backend, MASTER);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void saysOnceWhatWasCompleted() throws Exception {
    updates.start(MASTER, "titles");
    news.look(endings, MASTER);
    assertThat(news.take()).isEmpty();
    engine.run().awaitEmptyQueue();

    news.look(endings, MASTER);

    assertThat(news.take())
        .singleElement()
        .asString()
        .matches("fill_titles: completed, 3 items, 3 rows changed in [\\d.]+ m?s");
    news.look(endings, MASTER);
    assertThat(news.take()).isEmpty();
  }

  @Test
  void leavesOutWhatAVerbHasReported() throws Exception {
    updates.start(MASTER, "titles");
    news.look(endings, MASTER);
    engine.run().awaitEmptyQueue();
    news.look(endings, MASTER);

    assertThat(backend.reports(MASTER, backend.history(MASTER).runs(1).get(0))).isTrue();

    assertThat(news.take()).isEmpty();
  }

  @Test
  void leavesOutWhatWasCancelled() {
    updates.start(MASTER, "titles");
    news.look(endings, MASTER);

    updates.cancel(MASTER, "fill_titles", false);

    news.look(endings, MASTER);
    assertThat(news.take()).isEmpty();
  }

  @Test
  void saysTheFirstFailureAndThatAnUpdateWasGivenUp() {
    updates.startUnchecked(MASTER, "broken", "a test", Operator.ofThisProcess());
    news.look(endings, MASTER);
    engine.run();
    Rows.await(database, "SELECT 1 FROM undercurrent.runs WHERE failures_in_row > 0");
    news.look(endings, MASTER);
    news.look(endings, MASTER);

    assertThat(news.take())
        .containsExactly(
            "divide: failed: could not open file \"gone\" for reading: No such file or directory"
                + " (SQLSTATE 58P01). It is tried again; see it with: show divide");

    updates.close();
    Rows.run(database, "UPDATE undercurrent.runs SET failures_in_row = 5, given_up_at = now()");
    news.look(endings, MASTER);
    assertThat(news.take())
        .singleElement()
        .asString()
        .startsWith("divide: given up after 5 failures: could not open file")
        .endsWith("(SQLSTATE 58P01). Once the cause is fixed: retry divide");
  }
}
