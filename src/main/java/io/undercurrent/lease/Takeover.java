package io.undercurrent.lease;

import io.undercurrent.database.Database;
import io.undercurrent.time.TimeSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Takes a lease that is free, or whose holder is silent or gone: its sessions are ended first, so
 * that nothing of it goes on.
 *
 * @param owner the process that takes it
 * @param time measures how old the lease is
 */
record Takeover(Database database, Owner owner, TimeSource time) {

  private static final Logger log = LoggerFactory.getLogger(Takeover.class);

  Optional<Lease> take(boolean starting) {
    var seen = new LeaseTable(database.jdbc()).takeable(owner);
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    endSessions(seen.get());
    var asked = time.nanos();
    var epoch = database.transactions().execute(status -> take(seen.get(), starting));
    if (epoch.isEmpty()) {
      return Optional.empty();
    }
    // Those that were recorded meanwhile; from here on nobody records another one.
    endSessions(seen.get());
    forgetSessions(seen.get());
    return Optional.of(
        Lease.vouched(database, new Fence(owner, database.name(), epoch.get()), time, asked));
  }

  private Optional<Long> take(long seen, boolean starting) {
    database.jdbc().sql("SET LOCAL lock_timeout = '5s'").update();
    var epoch = new LeaseTable(database.jdbc()).take(owner, seen, starting);
    // Until the lease has sessions of its own, this one vouches for it.
    epoch.ifPresent(begun -> database.jdbc().sql(LeaseSessions.registration(begun)).update());
    return epoch;
  }

  private void endSessions(long epoch) {
    try {
      var ended =
          database
              .jdbc()
              .sql(
                  """
                  SELECT count(pg_terminate_backend(session.pid, 5000))
                    FROM undercurrent.lease_backends recorded
                    JOIN pg_stat_activity session USING (pid, backend_start)
                   WHERE recorded.epoch <= :epoch
                     AND pid <> pg_backend_pid()""")
              .param("epoch", epoch)
              .query(Long.class)
              .single();
      if (ended > 0) {
        log.warn(
            "Took over {}: ended {} sessions of the process that ran it", database.name(), ended);
      }
    } catch (DataAccessException e) {
      log.warn("Could not end the sessions of the process that ran {}", database.name(), e);
    }
  }

  private void forgetSessions(long epoch) {
    database
        .jdbc()
        .sql("DELETE FROM undercurrent.lease_backends WHERE epoch <= :epoch")
        .param("epoch", epoch)
        .update();
  }
}
