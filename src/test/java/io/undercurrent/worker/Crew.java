package io.undercurrent.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.process.ChildProcess;
import io.undercurrent.testing.process.JavaCommand;
import io.undercurrent.time.TimeSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Real processes that share a run: one that runs updates, workers, and the broker, which is a
 * process of its own so that it can be killed. The run visits every row of a table once, and notes
 * in another table, without a unique key, who has done so.
 */
public final class Crew implements AutoCloseable {

  private static final List<String> JVM_OPTIONS = List.of("-Xmx192m", "-Duser.timezone=UTC");

  private final Path home;
  private final Database database;
  private final int port;
  private final double msPerRow;
  private final List<ChildProcess> started = new ArrayList<>();
  private @Nullable ChildProcess broker;
  private @Nullable EmbeddedBroker here;

  /**
   * A crew that has not begun.
   *
   * @param home a directory for the files of all
   * @param msPerRow how long a bean takes for a row
   */
  public Crew(Path home, Database database, double msPerRow) throws IOException {
    this.home = home;
    this.database = database;
    this.msPerRow = msPerRow;
    try (var free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    }
  }

  /** Makes the tables and the job. */
  public Crew rows(int rows, int lanes) throws IOException {
    Rows.run(
        database,
        "CREATE TABLE places AS SELECT id, 'nobody' AS visitor FROM generate_series(1, %d) AS id"
            .formatted(rows),
        "ALTER TABLE places ADD PRIMARY KEY (id)",
        "ANALYZE places",
        "CREATE TABLE visits (place int, visitor text)");
    Files.writeString(
        home.resolve("visit.yaml"),
        """
        updates:
          - name: visit
            lanes: %d
            read: {sql: "SELECT id, visitor FROM places", key: [id]}
            process: visit
            write: INSERT INTO visits SELECT id, visitor FROM chunk
        """
            .formatted(lanes));
    return this;
  }

  /** Starts a broker. */
  public ChildProcess broker() throws IOException {
    broker =
        start(
            JavaCommand.of(BrokerProcess.class, JVM_OPTIONS, home.toString(), String.valueOf(port)),
            "broker");
    return broker;
  }

  /** Starts one in this process, which is cheaper, but cannot be killed. */
  void brokerHere() {
    here =
        new EmbeddedBroker(
                new WorkersProperties(
                    null, null, null, "undercurrent.slices", null, true, "127.0.0.1", port),
                home.resolve("broker"),
                TimeSource.SYSTEM)
            .start();
  }

  /** Waits until there are so many workers that can be asked; processes take long to start. */
  void awaitWorkers(int count) {
    Engine.await()
        .atMost(Duration.ofMinutes(5))
        .until(
            () ->
                Rows.of(database, "SELECT worker FROM undercurrent.workers WHERE lanes > 0").size()
                    == count);
  }

  /** The broker that was started last. */
  public ChildProcess lastBroker() {
    return Objects.requireNonNull(broker, "There is none");
  }

  /** Starts a process that runs updates. */
  public ChildProcess runner() throws IOException {
    return start(
        undercurrent(
            "serve", "--undercurrent.admin.port=0", "--undercurrent.admin.management-port=0"),
        "runner");
  }

  /** Starts a worker. */
  public ChildProcess worker(int lanes) throws IOException {
    return start(undercurrent("worker", "--undercurrent.workers.lanes=" + lanes), "worker");
  }

  private List<String> undercurrent(String verb, String... properties) {
    var words =
        Stream.concat(
                Stream.of(
                    "--undercurrent.background-updates.sleep-enabled=false",
                    "--undercurrent.background-updates.update-duration=50ms",
                    "--undercurrent.background-updates.default-batch-size=10",
                    "--undercurrent.background-updates.min-batch-size=5",
                    "--undercurrent.workers.broker-url=tcp://127.0.0.1:" + port,
                    "--undercurrent.modules[0].class=" + VisitorModule.class.getName(),
                    "--undercurrent.modules[0].config.ms=" + msPerRow,
                    "--logging.file.name=" + home.resolve(verb + ".log")),
                Stream.concat(Stream.of(properties), Stream.of(verb)))
            .toArray(String[]::new);
    return JavaCommand.undercurrent(home, database, JVM_OPTIONS, words);
  }

  private ChildProcess start(List<String> command, String name) throws IOException {
    var process = ChildProcess.start(command, home.resolve(name + ".out").toFile());
    started.add(process);
    return process;
  }

  /** What all processes of a kind have said so far. */
  public String said(String name) throws IOException {
    return Files.readString(home.resolve(name + ".out"));
  }

  /** Waits until they have said something. */
  public void awaitSaid(String name, String text) {
    Engine.await().until(() -> said(name).contains(text));
  }

  /** Queues the run by SQL, as a migration would. */
  public void begin() {
    Rows.run(
        database,
        "INSERT INTO undercurrent.background_updates (update_name, progress_json) VALUES ('visit', '{}')");
  }

  /** Waits until runners can count on a worker. */
  public void awaitRegistered(ChildProcess worker) {
    Rows.await(
        database,
        "SELECT 1 FROM undercurrent.workers WHERE pid = %d AND lanes > 0".formatted(worker.pid()));
  }

  /** Waits until some process has visited places. */
  public void awaitVisitsBy(ChildProcess process) {
    var visits = "SELECT 1 FROM visits WHERE visitor = '%d' LIMIT 1".formatted(process.pid());
    Engine.await().atMost(Duration.ofMinutes(5)).until(() -> !Rows.of(database, visits).isEmpty());
  }

  /** Waits until the run is done, and looks whether each place was visited once. */
  public void assertAllVisitedOnce() throws InterruptedException {
    Engine.await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> Rows.of(database, "SELECT 1 FROM undercurrent.background_updates").isEmpty());
    assertThat(
            Rows.of(
                database,
                "SELECT place || ': ' || count(*) FROM visits GROUP BY place HAVING count(*) > 1 ORDER BY place LIMIT 5"))
        .as("places that were visited more than once")
        .isEmpty();
    assertThat(Rows.of(database, "SELECT count(*) FROM visits"))
        .as("places that were visited")
        .containsExactlyElementsOf(Rows.of(database, "SELECT count(*) FROM places"));
    assertThat(
            Rows.of(
                database,
                "SELECT job.status FROM undercurrent.batch_job_execution job ORDER BY job_execution_id DESC LIMIT 1"))
        .containsExactly("COMPLETED");
    assertThat(
            Rows.of(
                database,
                "SELECT step_name FROM undercurrent.batch_step_execution WHERE end_time IS NULL"))
        .isEmpty();
    assertThat(Rows.of(database, "SELECT step_execution_id FROM undercurrent.claimed_slices"))
        .isEmpty();
  }

  @Override
  public void close() throws InterruptedException {
    for (var process : started) {
      process.close();
    }
    if (here != null) {
      here.close();
    }
  }
}
