package io.undercurrent.command;

import io.undercurrent.brake.HealthCheck;
import io.undercurrent.brake.HealthReport;
import io.undercurrent.command.Actions.Change;
import io.undercurrent.controller.Controller;
import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.doctor.Doctor;
import io.undercurrent.doctor.Fixed;
import io.undercurrent.doctor.Report;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.history.Purged;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.JobFile;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.lease.BuildSessions;
import io.undercurrent.lease.LeaseRow;
import io.undercurrent.lease.Owner;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.queue.AlreadyQueuedException;
import io.undercurrent.queue.Knobs;
import io.undercurrent.queue.Pause;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Schedule;
import io.undercurrent.queue.Schedules;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.runner.DatabaseRunner;
import io.undercurrent.runner.DueUpdates;
import io.undercurrent.runner.Trouble;
import io.undercurrent.sql.RunStart;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.Definitions;
import io.undercurrent.status.Explanation;
import io.undercurrent.status.RunReader;
import io.undercurrent.status.RunView;
import io.undercurrent.status.StatusReader;
import io.undercurrent.status.UpdateDetail;
import io.undercurrent.status.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * What operators and programs ask of Undercurrent; the console and the HTTP API stand on it.
 *
 * <p>Every method reads and writes rows of the database it names, so it works in any process,
 * whoever holds the lease. What cannot be done is a {@link RefusedException} whose message is meant
 * for the operator.
 */
public final class BackgroundUpdates implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(200);

  private final Databases databases;
  private final Jobs jobs;
  private final RunnerContext context;
  private final Owner owner = Owner.thisProcess();
  private final List<DatabaseRunner> runners = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * The engine for some databases; connects to none yet.
   *
   * @param jobs the job files
   * @param controller paces the iterations
   * @param beans finds processors and writers that job files name
   */
  public BackgroundUpdates(Databases databases, Jobs jobs, Controller controller, Beans beans) {
    this(databases, jobs, new RunnerContext(controller, beans));
  }

  /**
   * The same with what else runners are given.
   *
   * @param context paces the iterations, hears what happens, and knows the time
   */
  public BackgroundUpdates(Databases databases, Jobs jobs, RunnerContext context) {
    this.databases = databases;
    this.jobs = jobs;
    this.context = context;
  }

  /** The databases' names; the main one first. */
  public List<String> databases() {
    return databases.names();
  }

  /** The jobs that can be started, by name. */
  public List<JobFile> jobs() {
    return jobs.all();
  }

  /** The names of the jobs whose files have problems; {@link #check} says which. */
  public List<String> brokenJobs() {
    return jobs.names().stream().filter(name -> !jobs.problems(name).isEmpty()).toList();
  }

  /** The text of a job's file as it is now; empty if there is none. */
  public Optional<String> jobText(String job) {
    return jobs.text(job);
  }

  /** What a database's queue is doing; a database that is down answers with its problem. */
  public DatabaseStatus status(String database) {
    return status(database, StatusReader::read);
  }

  /**
   * The same at less expense: how far the current update is and which index it builds is not looked
   * for, and the state of one whose build outlasts a pause is that pause.
   */
  public DatabaseStatus glance(String database) {
    return status(database, StatusReader::glance);
  }

  private DatabaseStatus status(String database, Function<StatusReader, DatabaseStatus> look) {
    var asked = databases.get(database);
    try {
      if (!isPrepared(asked)) {
        var untouched = DatabaseStatus.untouched(database);
        return trouble(database).map(Trouble::sentence).map(untouched::with).orElse(untouched);
      }
      var status = look.apply(reader(asked));
      return trouble(database).map(Trouble::sentence).map(status::with).orElse(status);
    } catch (RefusedException e) {
      return DatabaseStatus.unreachable(database, String.valueOf(e.getMessage()));
    } catch (DataAccessException e) {
      return DatabaseStatus.unreachable(database, SqlFailure.of(e).sentence());
    }
  }

  /** The processes that work on slices for a database's runner, or did within the last day. */
  public List<WorkerView> workers(String database) {
    var asked = databases.get(database);
    try {
      return isPrepared(asked) ? WorkerView.list(asked.jdbc()) : List.of();
    } catch (RefusedException | DataAccessException e) {
      // The status says why the database cannot be asked.
      return List.of();
    }
  }

  /**
   * Why workers that are there do not make an update faster, in a sentence; empty if they do, or if
   * there are none.
   */
  public Optional<String> idleWorkers(String database, String update) {
    return workers(database).stream().anyMatch(WorkerView::alive)
        ? jobs.definition(update).flatMap(defined -> idle(database, defined.definition()))
        : Optional.empty();
  }

  private Optional<String> idle(String database, UpdateDefinition update) {
    if (update.work().beans().isEmpty()) {
      return Optional.of(
          "Workers would not make '%s' faster: it has no bean, and the server does all of its work"
              .formatted(update.name()));
    }
    var knobs = new Knobs(databases.get(database).jdbc());
    return update.undivided().isPresent() || knobs.lanes(update.name()).orElse(update.lanes()) > 1
        ? Optional.empty()
        : Optional.of(
            "Workers take nothing of '%1$s' while it has one lane. Give it more with: set %1$s lanes=4"
                .formatted(update.name()));
  }

  /**
   * Everything about one update, queued or not.
   *
   * @throws RefusedException if no job file defines it and it was never queued
   */
  public UpdateDetail show(String database, String update) {
    var asked = databases.get(database);
    requireDefinedOrKnown(database, update);
    return reader(asked).show(update);
  }

  private void requireDefinedOrKnown(String database, String update) {
    if (jobs.definition(update).isEmpty()) {
      requireKnown(database, update);
    }
  }

  private StatusReader reader(Database asked) {
    return new StatusReader(asked, owner.of(asked.name()), definitions(asked.name()));
  }

  /**
   * Why one update does not move, or that it does; a database that is down answers with its
   * problem. Why a whole queue does not move is part of its {@link #status}.
   *
   * @throws RefusedException if there is no such update
   */
  public Explanation why(String database, String update) {
    var asked = databases.get(database);
    try {
      isPrepared(asked);
    } catch (RefusedException e) {
      return unreachable(database, String.valueOf(e.getMessage()));
    }
    requireDefinedOrKnown(database, update);
    try {
      return isPrepared(asked)
          ? reader(asked).why(update, trouble(database).map(Trouble::sentence).orElse(null))
          : DatabaseStatus.untouched(database).why();
    } catch (DataAccessException e) {
      return unreachable(database, SqlFailure.of(e).sentence());
    }
  }

  private static Explanation unreachable(String database, String problem) {
    return DatabaseStatus.unreachable(database, problem).why();
  }

  /** The updates that a job file defines or that were ever queued on a database. */
  public List<String> knownUpdates(String database) {
    var asked = databases.get(database);
    var defined =
        jobs.all().stream().flatMap(job -> job.updates().stream()).map(UpdateDefinition::name);
    var queued = isPrepared(asked) ? new UpdateQueue(asked).everQueued() : List.<String>of();
    return Stream.concat(defined, queued.stream()).distinct().sorted().toList();
  }

  /**
   * Refuses the name of an update that nobody knows, and guesses which one was meant.
   *
   * @throws RefusedException if no job file defines it and it was never queued; with the problems
   *     of the file that was to define it
   */
  public void requireKnown(String database, String update) {
    var known = knownUpdates(database);
    if (!known.contains(update)) {
      jobs.brokenJob(update, update).ifPresent(jobs::get);
      var hint = DidYouMean.hint(update, known);
      throw new RefusedException(
          "No job file defines update '%s', and it was never queued on '%s'%s List the jobs with: jobs"
              .formatted(update, database, hint.isEmpty() ? "." : hint));
    }
  }

  /**
   * What became of an update's run so far; also of one that has left the queue.
   *
   * @param run the run's number
   * @return empty if it was never begun
   */
  public Optional<RunView> execution(String database, String update, long run) {
    var asked = databases.get(database);
    return isPrepared(asked)
        ? Optional.of(RunReader.last(asked.jdbc(), update, run)).filter(RunView::begun)
        : Optional.empty();
  }

  /** The queue in the order in which updates are taken. */
  public List<QueuedUpdate> queue(String database) {
    var asked = databases.get(database);
    return isPrepared(asked) ? new UpdateQueue(asked).list() : List.of();
  }

  /** What is queued again by itself, in the order in which it is due. */
  public List<Schedule> schedules(String database) {
    var asked = databases.get(database);
    return isPrepared(asked) ? new Schedules(asked.jdbc()).list() : List.of();
  }

  /** What is paused. */
  public List<Pause> pauses(String database) {
    var asked = databases.get(database);
    return isPrepared(asked) ? new Pauses(asked).list() : List.of();
  }

  /** Whether there is a job of that name that can be started. */
  public boolean hasJob(String name) {
    return jobs().stream().anyMatch(job -> job.name().equals(name));
  }

  /** Checks and queues a job's updates in the name of the user who runs this process. */
  public Queued start(String database, String job) {
    return start(database, job, Operator.ofThisProcess());
  }

  /**
   * Checks a job against the database and queues its updates, all or none; the latter in the
   * caller's transaction on the database, if there is one.
   *
   * @throws CheckFailedException if the check finds problems
   * @throws AlreadyQueuedException if one of them is queued already, here or in the homeserver's
   *     own queue
   */
  public Queued start(String database, String job, Operator operator) {
    var file = jobs.get(job);
    var changes = changes(database, operator);
    changes.refuseQueued(file);
    var report = check(database, job);
    if (!report.problems().isEmpty()) {
      throw new CheckFailedException(
          "Job '%s' cannot be started on '%s':\n%s"
              .formatted(job, database, String.join("\n", report.problems())));
    }
    prepare(database, file.needs());
    return queued(database, changes.start(file, null), report.warnings());
  }

  /**
   * Queues a job's updates without checking them.
   *
   * @param reason why, which is recorded
   */
  public Queued startUnchecked(String database, String job, String reason, Operator operator) {
    var file = jobs.get(job);
    var changes = changes(database, operator);
    prepare(database, file.needs());
    return queued(database, changes.start(file, reason), List.of());
  }

  private Queued queued(String database, List<String> updates, List<String> warnings) {
    var quarantine = new QuarantineTable(databases.get(database).jdbc());
    var left =
        updates.stream()
            .flatMap(update -> QuarantineCommands.leftBehind(quarantine, update).stream());
    return new Queued(updates, Stream.concat(warnings.stream(), left).toList());
  }

  /**
   * Holds one update, or all, from the next iteration boundary on; survives restarts.
   *
   * @param update the update, or null for all
   * @param reason why, or null
   * @param author the user who runs this process, as the pause shows it
   * @param duration after what time the pause ends by itself, or null
   */
  public Pause pause(
      String database,
      @Nullable String update,
      @Nullable String reason,
      String author,
      @Nullable Duration duration) {
    return changes(database).pause(update, reason, author, duration);
  }

  /** The same in the name of an operator, without end. */
  public Pause pause(
      String database, @Nullable String update, @Nullable String reason, Operator operator) {
    return changes(database, operator).pause(update, reason, operator.name(), null);
  }

  /**
   * Lifts a pause; the pause of all also lifts {@code enabled = false}.
   *
   * @return whether anything was paused
   * @throws RefusedException if the update is neither paused nor queued
   */
  public boolean resume(String database, @Nullable String update) {
    return resume(database, update, Operator.ofThisProcess());
  }

  /** The same in the name of an operator. */
  public boolean resume(String database, @Nullable String update, Operator operator) {
    return changes(database, operator).resume(update);
  }

  /**
   * Lets a database's updates run, or has them stop at the next iteration boundary. Not durable:
   * the next process that starts where nobody runs the updates lets them run again. Letting them
   * run also lifts the pause of all, and has every given-up update tried again, as {@link #retry}
   * does.
   */
  public void enable(String database, boolean enabled, Operator operator) {
    changes(database, operator).enable(enabled);
  }

  /**
   * Has a failed or given-up update tried again now, with its count of failures reset; one that
   * waits for an operator looks again whether all is ready.
   *
   * @throws RefusedException if it has not failed, or its definition has changed since its run
   *     began
   */
  public void retry(String database, String update) {
    changes(database).retry(update);
  }

  /**
   * Has what a conversion has prepared take its place, under a lock that keeps everybody else from
   * the table for a moment.
   *
   * @return what has been done, in a clause
   * @throws RefusedException if the update does not wait for it, if something is missing, or if the
   *     lock was not to be had within a minute; nothing is changed then
   */
  public String swap(String database, String update) throws InterruptedException {
    return changes(database).swap(update);
  }

  /**
   * Has the run of an update go on from where it is with what its job file says now; if it failed,
   * it is tried again.
   *
   * @throws RefusedException if that is what it began with, or nothing that a run can go on with,
   *     or if it is executing
   */
  public void acceptChange(String database, String update) {
    changes(database).acceptChange(update);
  }

  /**
   * Takes an update and all that depend on it out of the queue. What it has committed stays; of an
   * index, nothing stays that is INVALID.
   *
   * @param now whether to cut an index build that is under way
   * @throws RefusedException if one is under way and not to be cut
   */
  public Cancellation cancel(String database, String update, boolean now) {
    return changes(database).cancel(update, now);
  }

  /**
   * The knobs of an update as they stand.
   *
   * @throws RefusedException if no job file defines it and it was never queued
   */
  public List<KnobView> knobs(String database, String update) {
    requireDefinedOrKnown(database, update);
    return knobs(databases.get(database)).list(update);
  }

  /**
   * Sets knobs of a queued update, all or none, from the next iteration on, until its run has
   * ended.
   *
   * @param settings such as {@code lanes=4}, or {@code lanes=default} for what holds otherwise
   * @param reason why, or null
   * @return these knobs as they stand now
   * @throws RefusedException if the update is not queued, or cannot have one of them
   */
  public List<KnobView> setKnobs(
      String database, String update, List<String> settings, @Nullable String reason) {
    return knobs(prepared(database)).set(update, settings, reason);
  }

  private KnobCommands knobs(Database asked) {
    return new KnobCommands(asked, jobs, context.controller(), Operator.ofThisProcess());
  }

  /** The rows that a database's updates have put aside; they may be tried again or forgotten. */
  public QuarantineCommands quarantine(String database) {
    return new QuarantineCommands(databases.get(database), jobs, context, Operator.ofThisProcess());
  }

  /**
   * Looks for what is wrong around Undercurrent in a database; changes nothing.
   *
   * @throws RefusedException if the database cannot be asked
   */
  public Report examine(String database) {
    return doctor(database).examine();
  }

  /**
   * Asks each signal of a database's health from this process, also those that are off.
   *
   * @throws RefusedException if the database cannot be asked
   */
  public HealthReport health(String database) {
    var current = glance(database).current();
    var update = current == null ? null : current.name();
    var defined = update == null ? null : jobs.definition(update).orElse(null);
    return new HealthCheck(databases.get(database), context.signals().of(database))
        .ask(
            update,
            jdbc ->
                defined == null
                    ? List.of()
                    : defined
                        .definition()
                        .work()
                        .tables(
                            jdbc,
                            RunStart.among(
                                defined.job().values(), OffsetDateTime.now(context.clock()))));
  }

  /**
   * Mends what a check finds wrong.
   *
   * @param finding the name of such findings, one of {@link Doctor#names}
   * @return what became of each; nothing if none was found
   */
  public List<Fixed> fix(String database, String finding, Operator operator) {
    var actions = new Actions(prepared(database).jdbc(), operator);
    return doctor(database)
        .fix(
            finding,
            fixed ->
                actions.record(
                    new Change(
                        "doctor",
                        fixed.finding().subject(),
                        null,
                        finding + ": " + fixed.outcome(),
                        null)));
  }

  private Doctor doctor(String database) {
    return new Doctor(
        databases.get(database), definitions(database), context.time(), context.workers());
  }

  private Definitions definitions(String database) {
    return Definitions.of(jobs, context.windows().of(database));
  }

  /** How long the history keeps what has ended; nothing if for ever. */
  public Optional<Duration> retention() {
    return Optional.ofNullable(context.history().runs());
  }

  /** What a {@link #purge} of all before a time would remove. */
  public Purged countPurge(String database, Instant before) {
    return isPrepared(databases.get(database))
        ? purging(databases.get(database), Operator.ofThisProcess()).count(before)
        : Purged.NOTHING;
  }

  /**
   * Removes from the history what has ended before a time; never the newest run of an update.
   *
   * @throws InterruptedException if the thread is interrupted; what was removed until then stays so
   */
  public Purged purge(String database, Instant before, Operator operator)
      throws InterruptedException {
    return purging(prepared(database), operator).run(before);
  }

  private PurgeCommand purging(Database asked, Operator operator) {
    return new PurgeCommand(asked, operator, context.time());
  }

  private OperatorCommands changes(String database) {
    return changes(database, Operator.ofThisProcess());
  }

  private OperatorCommands changes(String database, Operator operator) {
    return new OperatorCommands(
        prepared(database),
        jobs,
        operator,
        context.time(),
        () -> runners.forEach(DatabaseRunner::lookNow));
  }

  /**
   * Parses job files and prepares every statement against a database; leaves nothing behind.
   *
   * @param job the job, or null for all
   */
  public CheckReport check(String database, @Nullable String job) {
    var report = new JobCheck(jobs, databases.get(database), context.beans()).check(job);
    return report
        .noting(
            report.jobs().stream()
                .flatMap(checked -> jobs.get(checked).updates().stream())
                .filter(update -> update.lanes() > 1)
                .flatMap(update -> idleWorkers(database, update.name()).stream())
                .toList())
        .warning(
            report.jobs().stream()
                .map(jobs::get)
                .flatMap(
                    file ->
                        new WindowCheck(file, context.clock())
                            .warnings(context.windows().of(database)))
                .toList());
  }

  /** Prepares to try a job on a database; nothing of that stays. */
  public JobDryRun dryRun(String database, String job) {
    return JobDryRun.of(jobs, job, databases.get(database), context);
  }

  /**
   * Starts a runner for each database, each on a thread of its own: it takes the lease when it can
   * and stands by otherwise, until {@link #close()}.
   */
  public void startRunners() {
    databases().forEach(this::startRunner);
  }

  /** Starts a runner for one database. */
  public synchronized void startRunner(String database) {
    var runner =
        new DatabaseRunner(
            databases.get(database), owner.of(database), definitions(database), context);
    var thread = new Thread(runner, "runner-" + database);
    context.workers().start();
    runners.add(runner);
    threads.add(thread);
    thread.start();
  }

  /**
   * Why the runner of this process has not got to its work at several attempts in a row, for
   * something that does not pass by itself; it keeps trying.
   */
  public Optional<String> lastingTrouble(String database) {
    return trouble(database).filter(Trouble::lasts).map(Trouble::sentence);
  }

  private Optional<Trouble> trouble(String database) {
    return runners.stream()
        .filter(runner -> runner.database().equals(database))
        .flatMap(runner -> runner.trouble().stream())
        .findFirst();
  }

  /**
   * Waits until a database's queue is done, by this process or by the one that holds the lease.
   *
   * @param timeout how long to wait at most
   * @return whether nothing is left that could still run: the rest is given up, paused or waits for
   *     such an update, or updates are disabled
   */
  public boolean awaitIdle(String database, Duration timeout) throws InterruptedException {
    var time = context.time();
    var begin = time.nanos();
    while (!isIdle(database)) {
      if (time.since(begin).compareTo(timeout) > 0) {
        return false;
      }
      time.sleep(LOOK);
    }
    return true;
  }

  private boolean isIdle(String database) {
    var asked = databases.get(database);
    return isPrepared(asked)
        && reader(asked).glance().isIdle()
        // a pause waits for the end of a build
        && !new BuildSessions(asked.jdbc()).underWay();
  }

  /** A runner of this process is about to bring an older version's schema up to date. */
  private boolean isPrepared(Database asked) {
    return runners.stream().anyMatch(runner -> runner.database().equals(asked.name()))
        ? asked.isPrepared(Changelog.ENGINE)
        : asked.isPrepared();
  }

  /**
   * Makes a database ready for work now, rather than when its runner begins, and takes up what was
   * queued by SQL.
   *
   * @throws RefusedException if it is down, or cannot be made ready
   */
  public void prepare(String database) {
    prepare(database, Changelog.ENGINE);
    var asked = databases.get(database);
    var queue = new UpdateQueue(asked);
    queue.adoptChangesBySql();
    if (LeaseRow.read(asked.jdbc(), owner.of(database)).enabled()) {
      new DueUpdates(database, definitions(database), queue, asked.jdbc(), asked.transactions())
          .queue();
    }
  }

  private void prepare(String database, Changelog needs) {
    var asked = databases.get(database);
    if (!asked.isPrepared(needs)) {
      asked.prepare(needs);
    }
  }

  private Database prepared(String database) {
    var asked = databases.get(database);
    asked.prepare();
    return asked;
  }

  /**
   * Stops the runners at the next iteration boundary and gives their leases back; returns when they
   * have ended.
   */
  @Override
  public synchronized void close() {
    runners.forEach(DatabaseRunner::stop);
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    runners.clear();
    threads.clear();
    context.workers().close();
  }
}
