package io.undercurrent.command;

import static io.undercurrent.testing.Engine.await;
import static io.undercurrent.testing.Engine.createTable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.RefusedException;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.Beans;
import io.undercurrent.queue.AlreadyQueuedException;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import io.undercurrent.runner.DatabaseRunner;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.RecordedLog;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console and the HTTP API stand on: a live database beside one that is down. */
@PostgresTest
class BackgroundUpdatesTests {

  private static final String JOB =
      """
      updates:
        - name: count_up
          read: {table: numbers, key: [id]}
          write: UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id
        - name: count_again
          run: UPDATE numbers SET n = n + 1
      """;

  private final Semaphore permits = new Semaphore(0);
  private final ScriptedController script = new ScriptedController().waitingFor(permits);

  private final BlockingQueue<Long> lookedAt = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> launchedAt = new LinkedBlockingQueue<>();

  private JobEngine engine;
  private BackgroundUpdates updates;
  private Path file;

  @BeforeEach
  void open(Database database, @TempDir Path directory) throws IOException {
    createTable(database, "numbers", 1_000);
    file = Files.writeString(directory.resolve("count.yaml"), JOB);
    engine =
        new JobEngine(
            JobEngine.jobs(directory),
            new RunnerContext(
                script.controller(),
                Beans.NONE,
                FailurePolicy.END_EXECUTION,
                new Times(),
                Clock.systemUTC(),
                TimeSource.SYSTEM),
            database.settings(),
            down());
    updates = engine.updates;
  }

  @AfterEach
  void close() {
    permits.release(1_000);
    engine.close();
  }

  /** A port that nobody listens on. */
  private static DatabaseSettings down() throws IOException {
    try (var socket = new ServerSocket(0)) {
      var url = "jdbc:postgresql://127.0.0.1:%d/gone".formatted(socket.getLocalPort());
      return new DatabaseSettings("spare", url, "nobody", null);
    }
  }

  @Test
  void tellsWhatTheUpdateIsDoing() throws Exception {
    updates.start("master", "count");
    assertThat(updates.status("master"))
        .returns(true, DatabaseStatus::enabled)
        .returns(null, DatabaseStatus::runner)
        .returns(null, DatabaseStatus::current)
        .returns(2, DatabaseStatus::queued)
        .returns("No process runs the updates. Start one with: run", DatabaseStatus::reason);

    updates.startRunner("master");
    permits.release();
    script.awaitIteration(2);

    var status = updates.status("master");
    assertThat(status.reason()).isNull();
    assertThat(status.runner()).isNotNull();
    assertThat(status.runner().thisProcess()).isTrue();
    assertThat(status.current())
        .returns("count_up", DatabaseStatus.CurrentUpdate::name)
        .returns("count", DatabaseStatus.CurrentUpdate::job)
        .returns(1L, DatabaseStatus.CurrentUpdate::run)
        .returns(UpdateState.RUNNING, DatabaseStatus.CurrentUpdate::state)
        .returns(100L, DatabaseStatus.CurrentUpdate::items)
        .returns(1L, DatabaseStatus.CurrentUpdate::iterations)
        .returns(100, DatabaseStatus.CurrentUpdate::chunkSize);
  }

  @Test
  void takesAtOnceWhatThisProcessQueues() throws Exception {
    permits.release(1_000);
    updates.startRunner("master");

    var attempts = new ArrayList<Duration>();
    do {
      lookedAt.clear();
      var looked = lookedAt.take();
      updates.start("master", "count");
      attempts.add(Duration.ofNanos(launchedAt.take() - looked));
      assertThat(updates.awaitIdle("master", Duration.ofMinutes(1))).isTrue();
      launchedAt.clear();
    } while (attempts.size() < 10 && attempts.get(attempts.size() - 1).toMillis() > 400);

    assertThat(attempts)
        .as("a runner that waits looks every 500 ms")
        .anyMatch(took -> took.toMillis() <= 400);
  }

  /** When the runner found nothing to do, and when it found something. */
  private final class Times implements RunnerListener {

    @Override
    public void looked(String database, Selection selection, boolean enabled) {
      if (selection.next().isEmpty()) {
        lookedAt.add(System.nanoTime());
      }
    }

    @Override
    public void launched(String database, String update) {
      launchedAt.add(System.nanoTime());
    }
  }

  @Test
  void startsNoJobWhoseCheckFindsProblems() throws IOException {
    Files.writeString(
        file,
        JOB.replace("FROM chunk WHERE numbers.id = chunk.id", "").replace("SET n", "SET (id, n)"));

    assertThatThrownBy(() -> updates.start("master", "count"))
        .isInstanceOf(CheckFailedException.class)
        .hasMessageStartingWith(
            "Job 'count' cannot be started on 'master':\n" + file + ":4: update 'count_up': ")
        .hasMessageContaining("\n" + file + ":6: update 'count_again': ");
    assertThat(updates.queue("master")).isEmpty();
  }

  @Test
  void startsAJobWhoseLaterUpdatesNeedWhatEarlierOnesMake() throws IOException {
    Files.writeString(
        file,
        """
        updates:
          - name: make
            run: CREATE TABLE copies (id int PRIMARY KEY)
          - name: fill
            read: {table: copies, key: id}
            write: DELETE FROM copies USING chunk WHERE copies.id = chunk.id
        """);

    assertThat(updates.start("master", "count").updates()).containsExactly("make", "fill");
  }

  @Test
  void saysOfAJobThatRunsOnlyThatItDoes() throws IOException {
    updates.start("master", "count");
    Files.writeString(file, JOB.replace("SET n", "SET m"));

    assertThatThrownBy(() -> updates.start("master", "count"))
        .isInstanceOf(AlreadyQueuedException.class);
  }

  @Test
  void startsAJobWithProblemsForAReason(Database database) throws IOException {
    Files.writeString(file, JOB.replace("SET n", "SET m"));

    updates.startUnchecked("master", "count", "the column comes", Operator.ofThisProcess());

    assertThat(updates.queue("master")).hasSize(2);
    assertThat(
            Rows.of(
                database,
                "SELECT concat_ws('|', action, subject, after, reason) FROM undercurrent.actions"))
        .containsExactly("start|count|queued count_up, count_again, unchecked|the column comes");
  }

  @Test
  void worksOnOneDatabaseWhileAnotherIsDown() throws Exception {
    updates.start("master", "count");
    updates.startRunners();
    permits.release(1_000);

    assertThat(updates.awaitIdle("master", Duration.ofSeconds(60))).isTrue();
    assertThat(updates.queue("master")).isEmpty();
    assertThat(updates.status("master").queued()).isZero();
    assertThat(updates.status("spare").problem()).contains("Database 'spare': nothing listens at");
    assertThatThrownBy(() -> updates.start("spare", "count"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("Database 'spare'");
  }

  @Test
  void tellsThatAnUpdateRunsWhoseFileIsGone() throws Exception {
    updates.start("master", "count");
    updates.startRunner("master");
    permits.release();
    script.awaitIteration(2);

    Files.delete(file);

    assertThat(updates.status("master").current().state()).isEqualTo(UpdateState.RUNNING);
    assertThat(updates.why("master", "count_up").moves()).isTrue();
    assertThat(updates.awaitIdle("master", Duration.ZERO)).isFalse();
    permits.release(1_000);
    assertThat(updates.awaitIdle("master", Duration.ofSeconds(60))).isTrue();
    assertThat(updates.queue("master"))
        .extracting(QueuedUpdate::name)
        .containsExactly("count_again");
    assertThat(updates.status("master").reason()).contains("no file in jobs/ defines it");

    Files.writeString(file, "updates: none");
    assertThat(updates.status("master").hold()).map(Hold::kind).hasValue(Kind.BROKEN_FILE);
    assertThat(updates.status("master").reason())
        .isEqualTo(
            "count_again: Update 'count_again' is queued on 'master', but the file that defines it has a problem: %s:1: 'updates': expected a list, found a text. Correct it"
                .formatted(file));
  }

  @Test
  void runsADatabaseOnceThatIsConfiguredTwice(Database database, @TempDir Path directory)
      throws Exception {
    var settings = database.settings();
    var again = new DatabaseSettings("again", settings.url(), settings.username(), null);
    Files.writeString(directory.resolve("count.yaml"), JOB);
    try (var log = new RecordedLog(DatabaseRunner.class);
        var same = new JobEngine(JobEngine.jobs(directory), script.controller(), database, again)) {
      var both = same.updates;
      both.start("master", "count");
      both.startRunners();
      await().until(() -> log.messages().stream().anyMatch(said -> said.endsWith("; standing by")));
      permits.release(1_000);
      assertThat(both.awaitIdle("again", Duration.ofSeconds(60))).isTrue();
      assertThat(Rows.of(database, "SELECT epoch::text FROM undercurrent.lease"))
          .containsExactly("1");
    }

    assertThat(Rows.of(database, "SELECT DISTINCT n::text FROM numbers")).containsExactly("2");
  }

  @Test
  void pausesAndResumesWithAReason(Database database) {
    updates.start("master", "count");
    updates.pause("master", null, "lunch", "anna", null);
    updates.startRunner("master");
    Rows.await(database, "SELECT 1 FROM undercurrent.live_lease");

    assertThat(updates.status("master").enabled()).isFalse();
    assertThat(updates.status("master").reason()).contains("lunch", "anna");
    assertThat(updates.resume("master", null)).isTrue();
    assertThat(updates.resume("master", null)).isFalse();
    assertThat(updates.status("master").enabled()).isTrue();
    assertThat(Rows.of(database, "SELECT max(n)::text FROM numbers")).containsExactly("0");
  }

  @Test
  void isIdleWhileARunnerIsDisabled(Database database) throws Exception {
    updates.start("master", "count");
    updates.startRunner("master");
    Rows.await(database, "SELECT 1 FROM undercurrent.live_lease");
    assertThat(updates.awaitIdle("master", Duration.ZERO)).isFalse();

    Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");

    assertThat(updates.awaitIdle("master", Duration.ofSeconds(5))).isTrue();
    assertThat(updates.status("master").reason())
        .isEqualTo("Background updates are disabled. Enable them with: resume");
    assertThat(updates.resume("master", null)).isTrue();
    assertThat(updates.awaitIdle("master", Duration.ZERO)).isFalse();
  }

  @Test
  void takesAnUpdateAndWhatDependsOnItOut() {
    updates.start("master", "count");

    assertThat(updates.cancel("master", "count_up", false).updates())
        .containsExactly("count_up", "count_again");
    assertThat(updates.queue("master")).extracting(QueuedUpdate::name).isEmpty();
  }

  @Test
  void refusesWhatIsNotThere() {
    updates.start("master", "count");

    assertRefused(() -> updates.start("master", "cuont"), "'cuont'", "did you mean 'count'");
    assertRefused(() -> updates.start("master", "count"), "Job 'count' is already queued");
    assertRefused(() -> updates.start("mister", "count"), "'mister'", "did you mean 'master'");
    assertRefused(() -> updates.cancel("master", "count_ip", false), "did you mean 'count_up'");
    assertRefused(() -> updates.pause("master", "count_ip", null, "anna", null), "not queued");
    assertRefused(() -> updates.retry("master", "count_up"), "has not failed");
  }

  private static void assertRefused(ThrowingCallable asked, String... parts) {
    assertThatThrownBy(asked).isInstanceOf(RefusedException.class).message().contains(parts);
  }
}
