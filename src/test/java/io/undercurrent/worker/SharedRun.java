package io.undercurrent.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.database.Home;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.execution.Workers;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.health.Signals;
import io.undercurrent.history.HistoryLimits;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.ScriptedSignal;
import io.undercurrent.time.TimeSource;
import io.undercurrent.window.ConfiguredWindows;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * A runner, a broker and workers in this process. The run visits every row of a table once, and
 * notes which thread has done so in another table, without a unique key.
 */
final class SharedRun implements AutoCloseable {

  private static final int ROWS = 1_500;

  /** What holds the runner. */
  final ScriptedSignal signal = new ScriptedSignal();

  private final Path home;
  private final Database database;
  private final WorkersProperties properties;
  private final JobEngine engine;
  private final List<WorkerProcess> workers = new ArrayList<>();
  private EmbeddedBroker broker;

  SharedRun(Path home, Database database) throws IOException {
    this.home = home;
    this.database = database;
    try (var free = new ServerSocket(0)) {
      this.properties =
          new WorkersProperties(
              null, null, null, "slices", 2, true, "127.0.0.1", free.getLocalPort());
    }
    makeAJob();
    this.broker = broker();
    this.engine =
        new JobEngine(
            JobEngine.jobs(home),
            context(
                new Visits(),
                RemoteWorkers.of(notEmbedded(), new Home(home), TimeSource.SYSTEM),
                signal.alone()),
            database.settings());
    database.prepare();
  }

  private EmbeddedBroker broker() {
    return new EmbeddedBroker(properties, home.resolve("broker"), TimeSource.SYSTEM).start();
  }

  /** The broker is there already, and another one would wait for its port. */
  private WorkersProperties notEmbedded() {
    return new WorkersProperties(
        properties.url(), null, null, "slices", 2, false, "127.0.0.1", 61616);
  }

  private void makeAJob() throws IOException {
    Rows.run(
        database,
        "CREATE TABLE places AS SELECT id, 'nobody' AS visitor FROM generate_series(1, %d) AS id"
            .formatted(ROWS),
        "ALTER TABLE places ADD PRIMARY KEY (id)",
        "ANALYZE places",
        "CREATE TABLE visits (place int, visitor text)");
    Files.writeString(
        home.resolve("visit.yaml"),
        """
        updates:
          - name: visit
            lanes: 2
            read: {sql: "SELECT id, visitor FROM places", key: [id]}
            process: visit
            write: INSERT INTO visits SELECT id, visitor FROM chunk
        """);
  }

  private static RunnerContext context(Beans beans, Workers asked, Signals signals) {
    return new RunnerContext(
        new ScriptedController().controller(),
        beans,
        FailurePolicy.STANDARD,
        RunnerListener.NONE,
        Clock.systemUTC(),
        TimeSource.SYSTEM,
        new HistoryLimits(null, HistoryLimits.SAMPLES),
        asked,
        signals,
        ConfiguredWindows.NONE);
  }

  /** Starts a worker of two lanes, and waits until runners know of it. */
  WorkerProcess worker() {
    return worker(new Visits());
  }

  WorkerProcess worker(Beans beans) {
    var worker =
        new WorkerProcess(
            properties,
            engine.databases,
            JobEngine.jobs(home),
            context(beans, Workers.NONE, Signals.NONE));
    worker.start("of the test");
    workers.add(worker);
    Rows.await(
        database,
        "SELECT 1 FROM undercurrent.workers HAVING count(*) FILTER (WHERE lanes = 2) >= "
            + workers.size());
    return worker;
  }

  JobEngine engine() {
    return engine;
  }

  SharedRun begin() {
    engine.updates.start("master", "visit");
    engine.run();
    return this;
  }

  void awaitVisitsByWorkers() {
    Rows.await(database, "SELECT 1 FROM visits WHERE visitor LIKE 'worker-%' LIMIT 1");
  }

  /** Waits until nobody has visited a place for a second; returns how many were. */
  long awaitNoMoreVisits() {
    var last = new AtomicLong(-1);
    Engine.await()
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> last.getAndSet(visits()) == last.get());
    return last.get();
  }

  private long visits() {
    return database.jdbc().sql("SELECT count(*) FROM visits").query(Long.class).single();
  }

  /** Sends a request, as a runner would. */
  void send(SliceRequest request) {
    try (var to = new Broker(String.valueOf(properties.url()), null, null, "slices");
        var connection = to.connect()) {
      to.send(connection, request);
    }
  }

  void stopBroker() {
    broker.close();
  }

  void startBroker() {
    broker = broker();
  }

  /** Who has visited places: workers, or the runner. */
  List<String> visitors() {
    return Rows.of(
        database,
        "SELECT DISTINCT CASE WHEN visitor LIKE 'worker-%' THEN 'workers' ELSE 'runner' END FROM visits ORDER BY 1");
  }

  void assertAllVisitedOnce() throws InterruptedException {
    engine.awaitEmptyQueue();
    assertThat(Rows.of(database, "SELECT count(*) FROM visits")).containsExactly("" + ROWS);
    assertThat(Rows.of(database, "SELECT count(DISTINCT place) FROM visits"))
        .containsExactly("" + ROWS);
    assertThat(Rows.of(database, "SELECT worker FROM undercurrent.claimed_slices")).isEmpty();
  }

  @Override
  public void close() {
    engine.updates.close();
    workers.forEach(WorkerProcess::close);
    engine.close();
    broker.close();
  }

  /** Notes who visits, and takes a moment for it. */
  static final class Visits implements Beans {

    private final ItemProcessor<Row, Row> visit =
        row -> {
          TimeUnit.MICROSECONDS.sleep(500);
          return row.with("visitor", Thread.currentThread().getName());
        };

    @Override
    public <T> T get(String name, Class<T> type) {
      return type.cast(visit);
    }
  }
}
