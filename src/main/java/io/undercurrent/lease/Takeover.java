package io.undercurrent.lease;

import io.undercurrent.database.Database;
import io.undercurrent.lease.LeaseTable.Epoch;
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
    var table = new LeaseTable(database.jdbc(), database.tellsTimeline());
    if (table.takeable(owner).isEmpty()) {
      return Optional.empty();
    }
    // These sessions may be to an old primary; if so, the next ones are to the new one.
    database.askHosts();
    var seen = table.takeable(owner);
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    var before = seen.get().number();
    endSessions(before);
    var asked = time.nanos();
    var fence = database.transactions().execute(status -> take(table, seen.get(), starting));
    if (fence.isEmpty()) {
      return Optional.empty();
    }
    // Those that were recorded meanwhile; from here on nobody records another one.
    endSessions(before);
    forgetSessions(before);
    return Optional.of(Lease.vouched(database, fence.get(), time, asked));
  }

  private Optional<Fence> take(LeaseTable table, Epoch seen, boolean starting) {
    database.jdbc().sql("SET LOCAL lock_timeout = '5s'").update();
    var taken = table.take(owner, seen.number(), starting);
    taken.ifPresent(epoch -> tellMove(seen, epoch));
    var fence =
        taken.map(epoch -> new Fence(owner, database.name(), epoch.number(), epoch.timeline()));
    // Until the lease has sessions of its own, this one vouches for it.
    fence.ifPresent(begun -> database.jdbc().sql(LeaseSessions.registration(begun)).update());
    return fence;
  }

  /** The rows may have come from another server: by replication, or in a dump. */
  private void tellMove(Epoch before, Epoch now) {
    if (before.timeline() != null
        && now.timeline() != null
        && !before.timeline().equals(now.timeline())) {
      log.info(
          "{} goes on on {} ({}), where {} ({}) left off",
          database.name(),
          now.server(),
          now.timeline(),
          before.server(),
          before.timeline());
    }
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
