package io.undercurrent.brake;

import com.zaxxer.hikari.HikariDataSource;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.health.Look;
import io.undercurrent.health.Reading;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.health.Signal;
import io.undercurrent.lease.LeaseSessions;
import io.undercurrent.state.Measure;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Looks at a database's health while this process runs its updates, on a thread and a connection of
 * its own, and brakes the update in hand where a signal asks for it.
 */
public final class HealthWatch implements AutoCloseable {

  static final String APPLICATION_NAME = "undercurrent health";

  /** What a statement of a look may take. */
  static final Duration LONGEST = Duration.ofSeconds(3);

  /** A connection that dies without a word is noticed. */
  private static final Duration SILENCE = Duration.ofSeconds(8);

  /** Without an update in hand for so long, there is nothing to look for. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

  private final String databaseName;
  private final List<Watched> signals;
  private final TimeSource time;
  private final BiConsumer<String, Brake> pause;
  private final Consumer<Measure> heard;
  private final long start;
  private final HikariDataSource pool;
  private final Thread thread;
  private @Nullable InHand inHand;
  private @Nullable String lastUpdate;
  private Duration idleSince = Duration.ZERO;
  private boolean resting;
  private boolean closed;

  /**
   * Begins to look.
   *
   * @param sessions open the connection
   * @param signals those that are on
   * @param unknownAfter for how long one may be unreadable before that holds
   * @param pause pauses the update of that name for good; called on the watch's thread
   * @param heard hears of each look
   */
  public HealthWatch(
      LeaseSessions sessions,
      List<Signal> signals,
      Duration unknownAfter,
      TimeSource time,
      BiConsumer<String, Brake> pause,
      Consumer<Measure> heard) {
    this.databaseName = sessions.database().name();
    this.time = time;
    this.start = time.nanos();
    this.signals =
        signals.stream().map(signal -> new Watched(signal, unknownAfter, now())).toList();
    this.pause = pause;
    this.heard = heard;
    this.pool = sessions.reading(APPLICATION_NAME, LONGEST, SILENCE);
    this.thread = new Thread(this::run, "health-" + databaseName);
    thread.setDaemon(true);
    thread.start();
  }

  private Duration now() {
    return time.since(start);
  }

  /**
   * Brakes an update from now on. If it is another one than before, its first iteration waits until
   * a look at each signal was tried.
   *
   * @param tables finds the names of the tables that it writes to
   */
  public synchronized void begin(
      String update, Function<JdbcTemplate, List<String>> tables, StopSignal stop) {
    if (resting || !update.equals(lastUpdate)) {
      signals.forEach(signal -> signal.lookNow(resting, now()));
    }
    signals.forEach(signal -> signal.pauses = signal.state.isCritical());
    resting = false;
    lastUpdate = update;
    inHand = new InHand(update, tables, stop);
    brake();
    notifyAll();
  }

  /** Nothing is in hand any more. */
  public synchronized void end() {
    inHand = null;
    idleSince = now();
  }

  /** What holds at this moment, the worst first; looks that do not come back count as well. */
  public synchronized List<Brake> brakes() {
    brake();
    return resting ? List.of() : current();
  }

  private List<Brake> current() {
    var now = now();
    return signals.stream()
        .flatMap(signal -> signal.state.brake(now).stream())
        .sorted(Brake.WORST_FIRST)
        .toList();
  }

  private void brake() {
    var update = inHand;
    if (update == null) {
      return;
    }
    var worst = current().stream().findFirst();
    var untried = signals.stream().filter(signal -> !signal.tried).findFirst();
    update.brake(
        untried
            .map(signal -> signal.signal.name())
            .or(() -> worst.map(Brake::signal))
            .orElse(null));
    if (untried.isEmpty()) {
      say(update, worst);
    }
  }

  /** Says that it is held, and that it goes on. */
  private void say(InHand update, Optional<Brake> worst) {
    if (update.saidHeld != worst.isPresent()) {
      update.saidHeld = worst.isPresent();
      log.info(
          "Update {} on {} {}",
          update.update,
          databaseName,
          worst.map(brake -> "is held: " + brake.words()).orElse("goes on: its database is well"));
    }
  }

  private void run() {
    for (var due = due(); !due.isEmpty(); due = due()) {
      try {
        look(due, inHand());
      } catch (RuntimeException | Error e) {
        // Whatever it is, without this thread nothing would let updates go on again.
        log.warn("The health of {} could not be looked at", databaseName, e);
      }
    }
  }

  private void look(List<Watched> due, Optional<InHand> update) {
    try (var connection = pool.getConnection()) {
      var look = look(new JdbcTemplate(new SingleConnectionDataSource(connection, true)), update);
      due.forEach(signal -> take(signal, read(signal.signal, look), update));
    } catch (SQLException e) {
      var unknown = new Unknown(SqlFailure.of(e).sentence());
      due.forEach(signal -> take(signal, unknown, update));
    }
  }

  /** Waits until there is something to look at; nothing once it is closed. */
  private synchronized List<Watched> due() {
    try {
      while (!closed) {
        var now = now();
        resting = inHand == null && now.minus(idleSince).compareTo(IDLE) >= 0;
        var due = signals.stream().filter(signal -> signal.dueAt.compareTo(now) <= 0).toList();
        if (resting) {
          wait();
        } else if (due.isEmpty()) {
          time.await(this, next().minus(now));
        } else {
          due.forEach(signal -> signal.dueAt = now.plus(signal.signal.every()));
          return due;
        }
      }
    } catch (InterruptedException e) {
      log.debug("The health of {} is not looked at any more", databaseName, e);
    }
    return List.of();
  }

  private Duration next() {
    return signals.stream().map(signal -> signal.dueAt).min(Duration::compareTo).orElseThrow();
  }

  private Look look(JdbcTemplate jdbc, Optional<InHand> update) {
    return update.isEmpty()
        ? new Look(JdbcClient.create(jdbc), null, List.of())
        : new Look(JdbcClient.create(jdbc), update.get().update, tables(update.get(), jdbc));
  }

  /** What could not be found out is tried again: a table may be locked, or not there yet. */
  private List<String> tables(InHand update, JdbcTemplate jdbc) {
    var found = update.tables;
    if (found == null && update.tablesDueAt.compareTo(now()) <= 0) {
      found = tables(update.update, update.finder, jdbc).orElse(null);
      update.tables = found;
      update.tablesDueAt = now().plus(Signal.SELDOM);
    }
    return found == null ? List.of() : found;
  }

  /** The tables that an update writes to; nothing if that cannot be found out. */
  static Optional<List<String>> tables(
      @Nullable String update, Function<JdbcTemplate, List<String>> finder, JdbcTemplate jdbc) {
    try {
      return Optional.of(finder.apply(jdbc));
    } catch (RuntimeException e) {
      log.debug("Which tables update {} writes to is not known", update, e);
      return Optional.empty();
    }
  }

  private synchronized Optional<InHand> inHand() {
    return Optional.ofNullable(inHand);
  }

  /** Looks once, and says what keeps it from that. */
  static Reading read(Signal signal, Look look) {
    try {
      return signal.look(look);
    } catch (RuntimeException | Error e) {
      return new Unknown(SqlFailure.of(e).sentence());
    }
  }

  /**
   * Takes what a look has found.
   *
   * @param update what was in hand when it began
   */
  private void take(Watched signal, Reading reading, Optional<InHand> update) {
    if (reading instanceof Unknown unknown) {
      log.debug("{} of {} cannot be read: {}", signal.signal.name(), databaseName, unknown.why());
    }
    synchronized (this) {
      signal.take(reading, now());
      signal.tried |= update.equals(inHand());
      brake();
      if (inHand != null && signal.wantsSmaller(reading)) {
        inHand.stop.askSmaller();
      }
    }
    heard.accept(measure(signal.signal, reading));
    if (signal.pauses) {
      inHand().ifPresent(paused -> pause(signal, paused));
    }
  }

  private static Measure measure(Signal signal, Reading reading) {
    var limits = signal.limits();
    var value = reading instanceof Value found ? found : null;
    var none = reading instanceof Reading.Nothing ? Double.valueOf(0) : null;
    return new Measure(
        signal.name(),
        value == null ? null : value.subject(),
        value == null ? none : Double.valueOf(value.value()),
        Objects.requireNonNull(limits.hold()),
        limits.unit());
  }

  private void pause(Watched signal, InHand update) {
    try {
      signal.state.brake(now()).ifPresent(brake -> pause.accept(update.update, brake));
      synchronized (this) {
        // Another one that has begun meanwhile is not paused yet.
        signal.pauses &= inHand != update;
      }
    } catch (RuntimeException e) {
      log.warn("Update {} on {} could not be paused", update.update, databaseName, e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(SILENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pool.close();
    }
  }

  /** A signal with what is known of it. */
  private static final class Watched {

    private final Signal signal;
    private final Duration unknownAfter;
    private SignalState state;
    private Duration dueAt;
    private boolean tried;
    private boolean pauses;

    Watched(Signal signal, Duration unknownAfter, Duration now) {
      this.signal = signal;
      this.unknownAfter = unknownAfter;
      this.state = new SignalState(signal, unknownAfter, now);
      this.dueAt = now;
    }

    void lookNow(boolean afresh, Duration now) {
      if (afresh) {
        state = new SignalState(signal, unknownAfter, now);
      }
      tried = false;
      dueAt = now;
    }

    boolean wantsSmaller(Reading reading) {
      var above = signal.smallerAbove();
      return above != null && reading instanceof Value value && value.value() > above;
    }

    void take(Reading reading, Duration now) {
      var before = state.isCritical();
      state.read(reading, now);
      pauses = state.isCritical() && (pauses || !before);
    }
  }

  /** The update that the runner has in hand. */
  private static final class InHand {

    private final String update;
    private final Function<JdbcTemplate, List<String>> finder;
    private final StopSignal stop;
    private @Nullable List<String> tables;
    private Duration tablesDueAt = Duration.ZERO;
    private @Nullable String brake;
    private boolean saidHeld;

    InHand(String update, Function<JdbcTemplate, List<String>> finder, StopSignal stop) {
      this.update = update;
      this.finder = finder;
      this.stop = stop;
    }

    void brake(@Nullable String signal) {
      if (signal == null ? brake != null : !signal.equals(brake)) {
        brake = signal;
        stop.brake(signal);
      }
    }
  }
}
