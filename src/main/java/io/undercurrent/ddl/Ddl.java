package io.undercurrent.ddl;

import io.undercurrent.iteration.DirectSessions;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateSettings;
import io.undercurrent.stop.StopAtBoundaryException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Runs statements that change a table's structure, outside of the iteration's transaction. Each is
 * to be one that can be done again: a crash may come between it and the note that it is done.
 */
public final class Ddl {

  /**
   * How long a strong lock is waited for, unless the job file says otherwise: so long does the
   * application wait behind it. A wait that was in vain ends the try, which is made again later.
   */
  public static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);

  /** The same for a lock that only other changes of the table and vacuum wait for. */
  private static final Duration WEAK_LOCK_TIMEOUT = Duration.ofSeconds(2);

  private final UpdateContext update;

  public Ddl(UpdateContext update) {
    this.update = update;
  }

  /**
   * Runs statements in one transaction, each of which gets its locks soon or not at all.
   *
   * @throws org.springframework.dao.DataAccessException if one fails; nothing is changed then
   * @throws StopAtBoundaryException if it was cut
   */
  public void atOnce(List<String> statements) {
    atOnce(List.of(), statements);
  }

  /**
   * The same, but an autovacuum of the tables gives way first.
   *
   * @param tables as SQL, those that the role may lock
   */
  public void atOnce(List<String> tables, List<String> statements) {
    run(session -> session.execute(transaction(tables, statements, patience())));
  }

  /**
   * The text of such a transaction.
   *
   * @param tables whose autovacuum is to give way, as it does for who waits longer than {@code
   *     deadlock_timeout}, which a strong lock must not; the lock that waits lets the application
   *     pass
   */
  public static String transaction(
      List<String> tables, List<String> statements, Duration patience) {
    return "BEGIN; %sSET LOCAL lock_timeout = %d; %s; COMMIT"
        .formatted(
            tables.isEmpty()
                ? ""
                : "SET LOCAL lock_timeout = %d; LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE; "
                    .formatted(WEAK_LOCK_TIMEOUT.toMillis(), String.join(", ", tables)),
            patience.toMillis(),
            String.join("; ", statements));
  }

  /**
   * Runs a statement outside of all transactions, for as long as it takes once it has its locks.
   *
   * @throws org.springframework.dao.DataAccessException if it fails
   * @throws StopAtBoundaryException if it was cut
   */
  public void patiently(String statement) {
    patiently(statement, patience());
  }

  /**
   * The same for a statement with a lock that the application does not wait for, and an autovacuum
   * gives way to.
   */
  public void patientlyInSharing(String statement) {
    var own = update.settings().lockTimeout();
    patiently(statement, own == null ? WEAK_LOCK_TIMEOUT : own);
  }

  private void patiently(String statement, Duration patience) {
    run(
        session -> {
          session.jdbc().execute("SET lock_timeout = " + patience.toMillis());
          session.execute(statement);
        });
  }

  /**
   * Uses a session of its own.
   *
   * @throws StopAtBoundaryException if that fails because it was cut
   */
  public void run(Consumer<DdlSession> work) {
    try (var session = open()) {
      work.accept(session);
    } catch (StopAtBoundaryException e) {
      throw e;
    } catch (RuntimeException e) {
      var cut = update.stop().cutReason();
      throw cut == null ? e : new StopAtBoundaryException(cut, e);
    }
  }

  /** For looking at the catalogue, in transactions of the caller's. */
  public JdbcTemplate jdbc() {
    return update.jdbc();
  }

  /** A session of its own, which the caller closes; whoever takes the database over ends it. */
  public DdlSession open() {
    return new DdlSession(
        update.sessions().open(DirectSessions.DDL + update.name()),
        update.jdbc(),
        update.stop(),
        update.time());
  }

  private Duration patience() {
    return timeouts(update.settings()).lock();
  }

  /** Of such statements: they wait for a lock, and then take as long as they take. */
  public static Timeouts timeouts(UpdateSettings update) {
    var own = update.lockTimeout();
    return new Timeouts(own == null ? LOCK_TIMEOUT : own, Duration.ZERO, false, Duration.ZERO);
  }
}
