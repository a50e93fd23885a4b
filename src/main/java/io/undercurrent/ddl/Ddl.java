package io.undercurrent.ddl;

import io.undercurrent.iteration.DirectSessions;
import io.undercurrent.iteration.UpdateContext;
import java.time.Duration;
import java.util.List;
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

  private final UpdateContext update;

  public Ddl(UpdateContext update) {
    this.update = update;
  }

  /**
   * Runs statements in one transaction, each of which gets its locks soon or not at all.
   *
   * @throws org.springframework.dao.DataAccessException if one fails; nothing is changed then
   * @throws io.undercurrent.stop.StopAtBoundaryException if it was cut
   */
  public void atOnce(List<String> statements) {
    try (var session = open()) {
      session.execute(
          "BEGIN; SET LOCAL lock_timeout = %d; %s; COMMIT"
              .formatted(patience().toMillis(), String.join("; ", statements)));
    }
  }

  /**
   * Runs a statement outside of all transactions, for as long as it takes once it has its locks.
   *
   * @throws org.springframework.dao.DataAccessException if it fails
   * @throws io.undercurrent.stop.StopAtBoundaryException if it was cut
   */
  public void patiently(String statement) {
    try (var session = open()) {
      session.jdbc().execute("SET lock_timeout = " + patience().toMillis());
      session.execute(statement);
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
    var own = update.settings().lockTimeout();
    return own == null ? LOCK_TIMEOUT : own;
  }
}
