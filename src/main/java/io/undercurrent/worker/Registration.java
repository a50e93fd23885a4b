package io.undercurrent.worker;

import com.zaxxer.hikari.HikariDataSource;
import io.undercurrent.brake.BrakeTable;
import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.execution.ExecutionFailure;
import io.undercurrent.time.TimeSource;
import io.undercurrent.worker.WorkerTable.Entry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A worker's entry in one database, which it renews, and its look at what its slices there are to
 * stop for; on a thread and a connection of its own.
 */
final class Registration implements AutoCloseable {

  private static final Duration RENEWAL = Duration.ofSeconds(3);

  /** Others' wishes are to be seen within a second. */
  private static final Duration LOOK = Duration.ofMillis(400);

  private static final Duration SILENCE = Duration.ofSeconds(8);

  private static final Logger log = LoggerFactory.getLogger(Registration.class);

  private final Database database;
  private final Entry worker;
  private final IntSupplier lanes;
  private final TimeSource time;
  private final HikariDataSource pool;
  private final JdbcClient jdbc;
  private final Thread thread;
  private final List<SliceInHand> inHand = new CopyOnWriteArrayList<>();
  private volatile boolean ready;
  private volatile @Nullable String end;
  private boolean closed;
  private @Nullable Long renewedAt;
  private int renewedLanes;
  private @Nullable String said;

  /**
   * One that has not begun.
   *
   * @param lanes how many lanes can be asked at present
   */
  Registration(Database database, Entry worker, IntSupplier lanes, TimeSource time) {
    this.lanes = lanes;
    this.database = database;
    this.worker = worker;
    this.time = time;
    this.pool = database.pool("undercurrent worker", 1, "", SILENCE);
    this.jdbc = JdbcClient.create(pool);
    this.thread = new Thread(this::run, "worker-" + database.name());
    thread.setDaemon(true);
  }

  Registration start() {
    thread.start();
    return this;
  }

  Database database() {
    return database;
  }

  /** Whether runners know of the worker. */
  boolean ready() {
    return ready;
  }

  /** The worker is at a slice from now on, which is held if the runner's are. */
  void begin(SliceInHand slice) {
    slice.stop().brake(new BrakeTable(jdbc).worst().orElse(null));
    inHand.add(slice);
    var reason = end;
    if (reason != null) {
      slice.stop().cut(reason);
    }
  }

  /** The worker is at it no more. */
  void end(SliceInHand slice) {
    inHand.remove(slice);
  }

  /** Notes what a slice has failed with. */
  void failed(long slice, ExecutionFailure failure) {
    tell(claimed -> claimed.failed(slice, worker.id(), failure));
  }

  /** Has the runner give a slice out again at once that has not ended. */
  void letGo(long slice) {
    tell(claimed -> claimed.letGo(slice, worker.id()));
  }

  private void tell(Consumer<ClaimedSlices> what) {
    try {
      what.accept(new ClaimedSlices(jdbc));
    } catch (DataAccessException e) {
      log.debug("The runner finds it out by itself, after a while", e);
    }
  }

  /** Stops all slices, for the worker's end, and those that begin yet. */
  void stopAll(String reason) {
    end = reason;
    inHand.forEach(slice -> slice.stop().cut(reason));
  }

  private void run() {
    while (goOn()) {
      try {
        if (ready || isPrepared()) {
          renew();
          inHand.forEach(this::look);
          brake();
        }
      } catch (RefusedException | DataAccessException e) {
        // Its session may be gone, which keeps its slices for it.
        renewedAt = null;
        say(
            "Database '%s' cannot be worked on: %s"
                .formatted(
                    database.name(),
                    e instanceof RefusedException ? e.getMessage() : SqlFailure.of(e).sentence()));
      }
    }
  }

  private boolean isPrepared() {
    if (!database.isPrepared()) {
      say(
          "Database '%s' has no updates yet; this worker waits until a process runs some there"
              .formatted(database.name()));
      return false;
    }
    return true;
  }

  private void renew() {
    var asked = lanes.getAsInt();
    if (renewedAt != null
        && renewedLanes == asked
        && time.since(renewedAt).compareTo(RENEWAL) < 0) {
      return;
    }
    var table = new WorkerTable(jdbc);
    table.renew(worker, asked);
    new ClaimedSlices(jdbc)
        .renew(worker.id(), inHand.stream().map(SliceInHand::stepExecution).toList());
    if (!ready) {
      table.forgetOld();
      log.info("{} works for the runner of {}", worker.name(), database.name());
    }
    renewedAt = time.nanos();
    renewedLanes = asked;
    ready = true;
    said = null;
  }

  private void look(SliceInHand slice) {
    var asked = new ClaimedSlices(jdbc).stopReason(slice.stepExecution(), worker.id());
    if (asked != null) {
      slice.stop().cut(asked);
      return;
    }
    var wishes = slice.wishes().look(jdbc);
    wishes.obey(slice.stop());
    slice.know(wishes.knobs());
  }

  /**
   * Has slices wait as long as the runner says that the database's health holds them; where it is
   * gone, nobody says that they may go on.
   */
  private void brake() {
    if (!inHand.isEmpty()) {
      var brakes = new BrakeTable(jdbc);
      var worst = brakes.worst().orElse(null);
      if (worst != null || brakes.isLookedAfter()) {
        inHand.forEach(slice -> slice.stop().brake(worst));
      }
    }
  }

  /** Says a thing once, not with every look. */
  private void say(String message) {
    if (!message.equals(said)) {
      log.warn(message);
      said = message;
    }
  }

  private synchronized boolean goOn() {
    try {
      if (!closed) {
        time.await(this, LOOK);
      }
    } catch (InterruptedException e) {
      return false;
    }
    return !closed;
  }

  /** Takes the entry back. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(SILENCE.toMillis());
      if (ready) {
        new WorkerTable(jdbc).remove(worker.id());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DataAccessException e) {
      log.debug("The entry of this worker stays for a day", e);
    } finally {
      pool.close();
    }
  }
}
