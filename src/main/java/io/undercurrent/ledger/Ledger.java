package io.undercurrent.ledger;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.LeaseLostException;
import io.undercurrent.ledger.LedgerTable.Begun;
import io.undercurrent.ledger.LedgerTable.Ended;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import io.undercurrent.queue.Selection.Waiting;
import io.undercurrent.status.RunReader;
import io.undercurrent.status.RunView;
import io.undercurrent.stop.Activity;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts, for every run of a database that has begun and not ended, what its time is spent on,
 * while this process holds the lease; and writes it down, with what the run has done, once a minute
 * and where an execution ends. On the lease's connection: no iteration waits for it, and no failure
 * of it is an update's.
 */
public final class Ledger {

  private static final Duration SPAN = Duration.ofMinutes(1);
  private static final Duration TOLD = Duration.ofSeconds(5);

  private static final OffsetDateTime EVER = OffsetDateTime.parse("1970-01-01T00:00:00Z");

  private static final String NO_RUNNER = "no-runner";
  private static final String UNKNOWN = "unknown";
  private static final String DISABLED = "disabled";
  private static final String TURN = "turn";

  private static final Logger log = LoggerFactory.getLogger(Ledger.class);

  private final String database;
  private final Lease lease;
  private final LedgerTable table;
  private final Supplier<Selection> select;
  private final RunnerListener listener;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Account> accounts = new LinkedHashMap<>();

  /** Whether all that have begun have an account, unless a failure has left one out. */
  private boolean complete;

  private long written;
  private long told;

  /**
   * That of a database; it counts nothing before {@link #open}.
   *
   * @param select looks at the queue, on the lease's connection
   */
  public Ledger(
      String database,
      Lease lease,
      Supplier<Selection> select,
      RunnerListener listener,
      TimeSource time) {
    this.database = database;
    this.lease = lease;
    this.table = new LedgerTable(lease.jdbc(), lease.fence());
    this.select = select;
    this.listener = listener;
    this.time = time;
    this.written = time.nanos();
    this.told = time.nanos();
  }

  /**
   * Goes on with the runs that others have counted. As far as is known, one that a dead process had
   * in hand was worked on until its last commit; after that nobody ran the database.
   */
  public void open() {
    inTurn(this::openRest);
  }

  private void openRest() {
    var now = now();
    table.begun().stream()
        .filter(begun -> !isOpen(begun.update(), begun.run()))
        .forEach(begun -> open(begun, now));
    complete = true;
  }

  private boolean isOpen(String update, long run) {
    var account = accounts.get(update);
    return account != null && account.run() == run;
  }

  /** The present, on the database's clock and on this process's. */
  private Present now() {
    return new Present(table.now(), time.nanos());
  }

  private record Present(OffsetDateTime at, long nanos) {}

  private void open(Begun begun, Present now) {
    var mark = begun.mark();
    if (begun.startedAt() == null) {
      table.forget(begun.update(), begun.run());
    } else if (mark == null) {
      adopt(begun, begun.startedAt(), now);
    } else {
      goOn(begun, mark, now);
    }
  }

  private void goOn(Begun begun, Mark mark, Present now) {
    var account = new Account(begun.update(), begun.run(), mark, NO_RUNNER, now.nanos(), time);
    var end = begun.endedAt() == null ? now.at() : begun.endedAt();
    var lastCommit = begun.lastCommit();
    var from = mark.at();
    if (lastCommit != null && lastCommit.isAfter(from)) {
      var worked = lastCommit.isAfter(end) ? end : lastCommit;
      account.add(Activity.WORKING.word(), Duration.between(from, worked));
      write(List.of(entry(account, run(account), worked, false)), List.of(account));
      from = worked;
    }
    account.add(NO_RUNNER, positive(Duration.between(from, end)));
    var ended = begun.endedAt() != null;
    write(List.of(entry(account, Optional.empty(), end, ended)), List.of(account));
    keep(account, ended);
  }

  /** What nobody has counted yet is nobody's. */
  private void adopt(Begun begun, OffsetDateTime startedAt, Present now) {
    var times = new TreeMap<>(begun.times());
    var counted = times.values().stream().mapToLong(Long::longValue).sum();
    var all = Duration.between(startedAt, now.at()).toMillis();
    if (all > counted) {
      times.merge(UNKNOWN, all - counted, Long::sum);
    }
    open(begun.update(), begun.run(), now.at(), now, times);
  }

  /**
   * Begins to count.
   *
   * @param from what an earlier run of that number has left since then is removed
   */
  private Account open(
      String update, long run, OffsetDateTime from, Present now, Map<String, Long> times) {
    var work = WorkDone.of(RunReader.last(lease.jdbc(), update, run));
    var mark = new Mark(from, times, work);
    var account = new Account(update, run, mark, Activity.WORKING.word(), now.nanos(), time);
    write(List.of(entry(account, Optional.empty(), now.at(), false)), List.of(account));
    keep(account, false);
    return account;
  }

  private void keep(Account account, boolean ended) {
    account.passOver();
    if (!ended) {
      accounts.put(account.update(), account);
    }
  }

  /**
   * An execution begins.
   *
   * @param start notes that the run begins, if it is the first one, and says when
   */
  public void begin(QueuedUpdate update, StopSignal stop, Supplier<OffsetDateTime> start) {
    inTurn(
        () -> {
          var known = accounts.get(update.name());
          if (known != null && known.run() != update.run()) {
            settle(known);
          }
          if (!complete) {
            openRest();
          }
          var account = accounts.get(update.name());
          if (account == null) {
            var begun = new Present(start.get(), time.nanos());
            account = open(update.name(), update.run(), EVER, begun, Map.of());
          }
          account.begin(stop.activities());
        });
  }

  /** The execution of an update has ended; what became of the run is written down next. */
  public void end(QueuedUpdate update) {
    inTurn(() -> find(update).filter(Account::isInHand).ifPresent(this::end));
  }

  /** A run that was cancelled meanwhile has ended before its execution. */
  private void end(Account account) {
    account.end();
    table.ended(account.update(), account.run()).map(Ended::ago).ifPresent(account::trim);
    account.waitFor(Activity.WORKING.word());
  }

  /** What became of the run after an execution is known. */
  public void settle(QueuedUpdate update) {
    inTurn(() -> find(update).ifPresent(this::settle));
  }

  private Optional<Account> find(QueuedUpdate update) {
    return Optional.ofNullable(accounts.get(update.name()))
        .filter(account -> account.run() == update.run());
  }

  /** A look at the queue has found why each update waits. */
  public void looked(Selection selection, boolean enabled) {
    inTurn(
        () -> {
          selection
              .updates()
              .forEach(
                  update ->
                      find(update)
                          .ifPresent(
                              account -> account.waitFor(reason(update, selection, enabled))));
          accounts.values().stream()
              .filter(account -> !account.isInHand() && !isQueued(account, selection))
              .toList()
              .forEach(this::settle);
        });
  }

  private static String reason(QueuedUpdate update, Selection selection, boolean enabled) {
    return selection.waiting().stream()
        .filter(waiting -> waiting.update().equals(update))
        .map(Waiting::hold)
        .map(hold -> hold.kind().json())
        .findFirst()
        .orElse(enabled ? TURN : DISABLED);
  }

  private static boolean isQueued(Account account, Selection selection) {
    return selection.updates().stream()
        .anyMatch(
            update -> update.name().equals(account.update()) && update.run() == account.run());
  }

  /** Writes down what there is if it is time to; called several times a second. */
  public void look() {
    // Who renews the lease does not wait.
    if (lock.tryLock()) {
      try {
        quietly(this::lookInTurn);
      } finally {
        lock.unlock();
      }
    }
  }

  private void lookInTurn() {
    if (time.since(told).compareTo(TOLD) >= 0) {
      told = time.nanos();
      accounts.values().forEach(this::tell);
    }
    if (time.since(written).compareTo(SPAN) >= 0) {
      written = time.nanos();
      if (accounts.size() > 1 && accounts.values().stream().anyMatch(Account::isInHand)) {
        // Nobody else looks at those that wait meanwhile.
        looked(select.get(), true);
      }
      write(accounts.values());
    }
  }

  private void tell(Account account) {
    account.tell(
        (activity, duration) -> listener.spent(database, account.update(), activity, duration));
  }

  /** Writes down what there is; counts no more. */
  public void close() {
    inTurn(
        () -> {
          accounts.values().forEach(this::tell);
          write(accounts.values());
          accounts.clear();
        });
  }

  /** Writes down what a run has come to that may have ended; it is not counted any more then. */
  private void settle(Account account) {
    var ended = table.ended(account.update(), account.run());
    if (ended.isEmpty()) {
      tell(account);
      write(List.of(account));
      return;
    }
    // Where it cannot be written down, that is not tried again with every look.
    accounts.remove(account.update(), account);
    account.trim(ended.get().ago());
    tell(account);
    if (ended.get().at() == null) {
      table.forget(account.update(), account.run());
    } else {
      write(List.of(entry(account, run(account), ended.get().at(), true)), List.of(account));
    }
  }

  private void write(Collection<Account> some) {
    var all = List.copyOf(some);
    var runs =
        all.stream()
            .map(account -> account.isWaiting() ? Optional.<RunView>empty() : run(account))
            .toList();
    all.forEach(Account::count);
    var entries = new ArrayList<Entry>();
    for (var i = 0; i < all.size(); i++) {
      entries.add(entry(all.get(i), runs.get(i), null, false));
    }
    if (!entries.isEmpty()) {
      write(entries, all);
    }
  }

  private Optional<RunView> run(Account account) {
    return Optional.of(RunReader.last(lease.jdbc(), account.update(), account.run()));
  }

  /**
   * The next span of a run.
   *
   * @param run as it is now; empty if nothing was done in it
   */
  private static Entry entry(
      Account account, Optional<RunView> run, @Nullable OffsetDateTime at, boolean ended) {
    return account.entry(
        run.map(WorkDone::of).orElse(account.work()),
        run.map(seen -> seen.progress().lastChunk()).orElse(null),
        at,
        ended);
  }

  private void write(List<Entry> entries, List<Account> of) {
    var counted = time.nanos();
    var ends = table.write(entries, () -> time.since(counted));
    for (var i = 0; i < entries.size(); i++) {
      var end = ends.get(entries.get(i));
      if (end != null) {
        of.get(i).written(entries.get(i), end);
      }
    }
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  private void inTurn(Runnable action) {
    lock.lock();
    try {
      quietly(action);
    } finally {
      lock.unlock();
    }
  }

  /** What could not be written down is written with the next span, or when a run begins. */
  private void quietly(Runnable action) {
    try {
      action.run();
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      complete = false;
      log.warn(
          "What runs on {} spend their time on was not written: {}",
          database,
          SqlFailure.of(e).sentence());
      log.debug("It was not written", e);
    }
  }
}
