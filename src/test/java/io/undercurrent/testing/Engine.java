package io.undercurrent.testing;

import static java.util.stream.Collectors.toConcurrentMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.controller.Controller;
import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.index.CreateIndex;
import io.undercurrent.index.IndexPart;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.kind.Work;
import io.undercurrent.lease.Owner;
import io.undercurrent.page.Read;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.runner.DatabaseRunner;
import io.undercurrent.sql.Sql;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.Explanation;
import io.undercurrent.status.StatusReader;
import io.undercurrent.status.UpdateDetail;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A runner for tests: job files as objects, one database, one thread. */
public final class Engine implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

  public final Database database;
  public final UpdateQueue queue;
  private final Owner owner = Owner.thisProcess();
  private final Map<String, JobFile> jobs;
  private final DatabaseRunner runner;
  private final Thread thread;
  private final ImpatientTime time = new ImpatientTime(() -> pass(LONGEST_BACK_OFF));

  public Engine(Database database, Controller controller, JobFile... jobs) {
    this(database, controller, Beans.NONE, jobs);
  }

  public Engine(Database database, Controller controller, Beans beans, JobFile... jobs) {
    this(database, new RunnerContext(controller, beans), jobs);
  }

  public Engine(Database database, RunnerContext context, JobFile... jobs) {
    this.database = database;
    this.queue = new UpdateQueue(database);
    this.jobs = Arrays.stream(jobs).collect(toConcurrentMap(JobFile::name, job -> job));
    this.runner = new DatabaseRunner(database, owner, this::definition, impatient(context));
    this.thread = new Thread(runner, "runner");
  }

  /** Back-offs within an execution are over at once, unless a test has a time of its own. */
  private RunnerContext impatient(RunnerContext context) {
    return context.time() == TimeSource.SYSTEM
        ? new RunnerContext(
            context.controller(),
            context.beans(),
            context.failures(),
            context.listener(),
            context.clock(),
            time,
            context.history(),
            context.workers(),
            context.signals(),
            context.windows())
        : context;
  }

  private Optional<DefinedUpdate> definition(String update) {
    return jobs.values().stream()
        .flatMap(job -> job.updates().stream().map(defined -> new DefinedUpdate(job, defined)))
        .filter(definition -> definition.definition().name().equals(update))
        .findFirst();
  }

  /** Has a job's file say something else from now on. */
  public Engine define(JobFile job) {
    jobs.put(job.name(), job);
    return this;
  }

  public Engine queue(String job) {
    queue.add(
        job,
        jobs.get(job).updates().stream()
            .map(
                update ->
                    new NewUpdate(
                        update.name(),
                        update.dependsOn(),
                        update.ordering(),
                        update.options().every()))
            .toList());
    return this;
  }

  public DatabaseStatus status() {
    return reader().read();
  }

  /** Why one update does not move, or the whole queue. */
  public Explanation why(@Nullable String update) {
    return update == null ? reader().why() : reader().why(update);
  }

  public UpdateDetail show(String update) {
    return reader().show(update);
  }

  private StatusReader reader() {
    return new StatusReader(database, owner, this::definition);
  }

  /** Has a thread run the updates from now on; back-offs take their time then. */
  public Engine run() {
    time.bePatient();
    thread.start();
    return this;
  }

  /**
   * Does one round of the runner on this thread, in place of {@link #run}.
   *
   * @return how long it would wait then
   */
  public Duration step() {
    return runner.runOnce();
  }

  /** Does rounds on this thread for as long as the runner would not wait in between. */
  public Engine steps() {
    while (step().isZero()) {
      // the next one
    }
    return this;
  }

  /**
   * Moves what the database waits for, the ends of back-offs and pauses, so much nearer: its clock
   * cannot be stepped.
   */
  public Engine pass(Duration duration) {
    var ms = duration.toMillis();
    Rows.run(
        database,
        "UPDATE undercurrent.runs SET retry_at = retry_at - %d * interval '1 ms'".formatted(ms),
        "UPDATE undercurrent.schedules SET due_at = due_at - %d * interval '1 ms'".formatted(ms),
        "UPDATE undercurrent.pauses SET until = until - %d * interval '1 ms'".formatted(ms));
    return this;
  }

  /** Waits until the runner has looked at what operators wish, have set, and say of windows. */
  public Engine awaitLook() {
    // a look has three statements at most, of which that is the first
    for (int statements = 0; statements < 3; statements++) {
      var at = Rows.of(database, "SELECT clock_timestamp()").get(0);
      Rows.await(
          database,
          """
          SELECT 1
            FROM pg_stat_activity
           WHERE datname = current_database()
             AND application_name = 'undercurrent lease'
             AND state = 'idle'
             AND query_start > '%s'"""
              .formatted(at));
    }
    return this;
  }

  public Engine awaitEmptyQueue() {
    return awaitEmptyQueue(LIMIT);
  }

  public Engine awaitEmptyQueue(Duration limit) {
    await().atMost(limit).ignoreExceptions().until(() -> queue.list().isEmpty());
    return this;
  }

  /** Waits for something that takes milliseconds on an idle machine. */
  public static ConditionFactory await() {
    return Awaitility.await().pollInterval(POLL).pollDelay(POLL);
  }

  /** Does rounds on this thread until the queue is empty; back-offs are over at once. */
  public Engine work() {
    var start = System.nanoTime();
    while (!queue.list().isEmpty()) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
      pass(LONGEST_BACK_OFF).steps();
    }
    return this;
  }

  /** Does what is queued, then stops. */
  public void finish() throws InterruptedException {
    try (this) {
      work();
    }
  }

  /** Asks the runner to stop at the next boundary. */
  public void stop() {
    runner.stop();
  }

  @Override
  public void close() throws InterruptedException {
    runner.stop();
    if (thread.getState() == Thread.State.NEW) {
      runner.close();
    }
    thread.join(Duration.ofSeconds(30).toMillis());
  }

  public static JobFile job(UpdateDefinition... updates) {
    return new JobFile(
        updates[0].name(), null, "jobs/test.yaml", List.of(updates), Map.of(), Changelog.ENGINE);
  }

  /** The job's first update, as its file defines it. */
  public static Optional<DefinedUpdate> defined(JobFile job) {
    return Optional.of(new DefinedUpdate(job, job.updates().get(0)));
  }

  public static UpdateDefinition update(String name, Work work) {
    return new UpdateDefinition(name, null, 0, null, null, work, 1);
  }

  /** The same in chunks of so many items, whatever the pace. */
  public static UpdateDefinition inChunksOf(int items, UpdateDefinition update) {
    return update.with(new BatchSettings(items, items, items, Duration.ofMinutes(1)));
  }

  /** Counts each row of a table up by one. */
  public static UpdateDefinition counting(String name, String table) {
    return update(
        name,
        new ReadWrite(
            new Read.Table(table, List.of("id"), null),
            null,
            statements(
                "UPDATE %1$s SET n = n + 1 FROM chunk WHERE %1$s.id = chunk.id".formatted(table))));
  }

  /** An index of a table's column n, called after both. */
  public static CreateIndex index(String table, boolean unique, @Nullable String replaces) {
    return index(table, table + "_n", unique, replaces);
  }

  /** An index of a table's column n. */
  public static CreateIndex index(String table, String name) {
    return index(table, name, false, null);
  }

  private static CreateIndex index(
      String table, String name, boolean unique, @Nullable String replaces) {
    return new CreateIndex(
        table,
        name,
        List.of(IndexPart.ofColumn("n")),
        null,
        unique,
        null,
        List.of(),
        Map.of(),
        replaces,
        1);
  }

  public static Write.Statements statements(String... sql) {
    return new Write.Statements(Arrays.stream(sql).map(text -> new Sql(text, 1)).toList());
  }

  public static void createTable(Database database, String table, int rows) {
    database
        .jdbc()
        .sql("CREATE TABLE " + table + " (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)")
        .update();
    database
        .jdbc()
        .sql("INSERT INTO " + table + " (id) SELECT generate_series(1, " + rows + ")")
        .update();
    database.jdbc().sql("ANALYZE " + table).update();
  }

  /** The time of the machine, but who sleeps wakes at once, and finds that the time has passed. */
  private static final class ImpatientTime implements TimeSource {

    private final AtomicLong slept = new AtomicLong();
    private final Runnable whoSleeps;
    private volatile boolean patient;

    /**
     * A time.
     *
     * @param whoSleeps has what else passes by then be over
     */
    ImpatientTime(Runnable whoSleeps) {
      this.whoSleeps = whoSleeps;
    }

    /** Sleeps take their time from now on. */
    void bePatient() {
      patient = true;
    }

    @Override
    public long nanos() {
      return SYSTEM.nanos() + slept.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      if (patient) {
        SYSTEM.sleep(duration);
        return;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      slept.addAndGet(duration.toNanos());
      whoSleeps.run();
    }

    @Override
    public void await(Object monitor, Duration duration) throws InterruptedException {
      SYSTEM.await(monitor, duration);
    }

    @Override
    public void after(Duration delay, Runnable task) {
      SYSTEM.after(delay, task);
    }
  }
}
