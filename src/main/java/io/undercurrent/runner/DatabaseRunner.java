package io.undercurrent.runner;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.execution.RunnerRepository;
import io.undercurrent.execution.UnknownOutcomeException;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.status.Definitions;
import io.undercurrent.stop.StopSignal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works through one database's queue: takes the lease or stands by, recovers, and runs one update
 * after the other until it is told to stop.
 */
public final class DatabaseRunner implements Runnable, AutoCloseable {

  /** How long a look at an idle queue, a busy lease or a database that is down lasts. */
  private static final Duration LOOK = Duration.ofMillis(500);

  /** The same where attempts end with what does not pass by itself. */
  private static final Duration LONG_LOOK = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(DatabaseRunner.class);

  private final Database database;
  private final Owner owner;
  private final Definitions definitions;
  private final RunnerContext context;
  private final TroubleReport report;
  private final Retention retention;

  private @Nullable RunnerSession session;
  private boolean prepared;
  private boolean starting = true;
  private boolean stopped;
  private boolean changed;
  private @Nullable StopSignal running;
  private @Nullable UnknownOutcomeException unknown;

  /**
   * A runner that has not begun.
   *
   * @throws IllegalStateException if the process does not live in UTC
   */
  public DatabaseRunner(
      Database database, Owner owner, Definitions definitions, RunnerContext context) {
    RunnerRepository.requireUtc();
    this.database = database;
    this.owner = owner;
    this.definitions = definitions;
    this.context = context;
    this.report = new TroubleReport(database, owner);
    this.retention = new Retention(database.name(), context);
  }

  /** Stops at the next iteration boundary, soon; returns at once. */
  public synchronized void stop() {
    stopped = true;
    if (running != null) {
      running.cut("the process shuts down");
    }
    notifyAll();
  }

  /** Ends a wait for the next look: something was changed in this process. */
  public synchronized void lookNow() {
    changed = true;
    notifyAll();
  }

  public String database() {
    return database.name();
  }

  /** What keeps it from its work, or nothing if it works or stands by. */
  public Optional<Trouble> trouble() {
    return report.current();
  }

  @Override
  public void run() {
    listener().began(database.name());
    try {
      while (!isStopped()) {
        await(runOnce());
      }
    } catch (Error e) {
      report.ended(e);
      throw e;
    } finally {
      close();
      listener().ended(database.name(), isStopped());
    }
  }

  /**
   * Does what there is to do and waits for nothing: takes the lease if it is free, recovers what a
   * dead process left, and runs the next update to its end or to a boundary.
   *
   * @return how long to wait before the next time; zero if there may be more to do
   */
  public Duration runOnce() {
    try {
      prepare();
      return session == null && !takeLease() ? standBy() : runNext();
    } catch (RuntimeException e) {
      leave(e);
      prepared = false;
      return startOver(e).lasts() ? LONG_LOOK : LOOK;
    } catch (Error e) {
      leave(e);
      throw e;
    }
  }

  /** Gives the lease back if it is held; called on the thread of {@link #runOnce}. */
  @Override
  public void close() {
    if (session != null) {
      session.release();
      session.close();
      session = null;
    }
  }

  private void leave(Throwable failure) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    } finally {
      session = null;
    }
  }

  private RunnerListener listener() {
    return context.listener();
  }

  private Trouble startOver(RuntimeException failure) {
    if (failure instanceof UnknownOutcomeException outcome) {
      unknown = outcome;
    }
    return report.failed(failure);
  }

  private void prepare() {
    if (!prepared) {
      database.prepare();
      prepared = true;
    }
  }

  private boolean takeLease() {
    var lease = Lease.take(database, owner, starting, context.time());
    starting = false;
    if (lease.isEmpty()) {
      return false;
    }
    session = RunnerSession.begin(database, definitions, context, lease.get());
    log.info("{} runs {} (epoch {})", owner.name(), database.name(), lease.get().epoch());
    report.again();
    session.recover();
    countUnknownOutcome(session);
    return true;
  }

  private Duration standBy() {
    report.over();
    report.once("%s is run by another process; standing by".formatted(database.name()));
    return LOOK;
  }

  private void countUnknownOutcome(RunnerSession session) {
    if (unknown != null) {
      session.failed(unknown.update(), unknown.failure());
      unknown = null;
    }
  }

  private Duration runNext() {
    var session = requireNonNull(this.session);
    session.requireLease();
    session.queue().adoptChangesBySql();
    var enabled = session.enabled();
    if (enabled) {
      session.queueDue();
    }
    var selection = session.select();
    selection.waiting().stream()
        .map(Selection.Waiting::hold)
        .filter(hold -> hold.is(Kind.UNDEFINED, Kind.BROKEN_FILE, Kind.DEFINITION_CHANGED))
        .forEach(hold -> report.once(sentence(hold)));
    listener().looked(database.name(), selection, enabled);
    session.looked(selection, enabled);
    var runs = enabled && selection.next().isPresent();
    if (runs) {
      launch(session, selection.next().get());
    }
    works(session);
    session.purge(retention);
    return runs ? Duration.ZERO : LOOK;
  }

  /** The others name their update themselves. */
  private String sentence(Hold hold) {
    return hold.is(Kind.DEFINITION_CHANGED)
        ? HoldSentences.UTC.named(database.name(), hold)
        : HoldSentences.UTC.of(database.name(), hold);
  }

  private void works(RunnerSession session) {
    session.works();
    report.over();
  }

  private void launch(RunnerSession session, QueuedUpdate update) {
    var definition = definitions.find(update.name());
    var stop = new StopSignal(context.time());
    synchronized (this) {
      if (stopped || definition.isEmpty()) {
        return;
      }
      running = stop;
    }
    try {
      session.launch(update, definition.get(), stop);
    } finally {
      synchronized (this) {
        running = null;
      }
    }
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private synchronized void await(Duration pause) {
    if (pause.isZero()) {
      return;
    }
    try {
      if (!stopped && !changed) {
        context.time().await(this, pause);
      }
      changed = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }
}
