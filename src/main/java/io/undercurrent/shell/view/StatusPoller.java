package io.undercurrent.shell.view;

import io.undercurrent.history.Run;
import io.undercurrent.shell.language.CommandFailure;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Stopwatch;
import io.undercurrent.shell.screen.Ticker;
import io.undercurrent.status.DatabaseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The databases' states as they were a moment ago; one that does not answer holds up no other. */
public final class StatusPoller implements AutoCloseable {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Backend backend;
  private final List<String> databases;
  private final List<Ticker> tickers;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private final CountDownLatch unread;

  /** Looks at the databases every second from now on. */
  public StatusPoller(Backend backend, List<String> databases) {
    this.backend = backend;
    this.databases = databases;
    this.unread = new CountDownLatch(databases.size());
    this.tickers = databases.stream().map(this::ticker).toList();
  }

  private Ticker ticker(String database) {
    var ticker = new Ticker("gauge-" + database);
    ticker.every(BETWEEN_LOOKS, Duration.ZERO, () -> read(database));
    return ticker;
  }

  private void read(String database) {
    var status = status(database);
    var reading = new Reading(status, backend.lastEnded(status), new Stopwatch());
    if (readings.put(database, reading) == null) {
      unread.countDown();
    }
  }

  private DatabaseStatus status(String database) {
    try {
      return backend.updates().status(database);
    } catch (RuntimeException e) {
      return silent(database, CommandFailure.of(e).message());
    }
  }

  /** Gives all databases a moment for their first answer. */
  public void awaitFirst() throws InterruptedException {
    var ignored = unread.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What was seen last of each, in the order of their names. */
  public List<DatabaseStatus> read() {
    return databases.stream().map(name -> shown(name, readings.get(name))).toList();
  }

  /** The run that ended last on a database where nothing is under way. */
  public Optional<Run> lastEnded(String database) {
    return Optional.ofNullable(readings.get(database)).flatMap(Reading::lastEnded);
  }

  private static DatabaseStatus shown(String database, @Nullable Reading reading) {
    if (reading == null) {
      return silent(database, "No answer yet");
    }
    var age = reading.age().elapsed();
    return age.compareTo(FRESH) < 0
        ? reading.status()
        : silent(database, "No answer for " + Durations.human(age));
  }

  private static DatabaseStatus silent(String database, String problem) {
    return DatabaseStatus.unreachable(database, problem);
  }

  @Override
  public void close() {
    tickers.forEach(Ticker::close);
  }

  private record Reading(DatabaseStatus status, Optional<Run> lastEnded, Stopwatch age) {}
}
