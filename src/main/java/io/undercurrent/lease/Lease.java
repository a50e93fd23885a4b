package io.undercurrent.lease;

import com.zaxxer.hikari.HikariDataSource;
import io.undercurrent.database.Database;
import io.undercurrent.lease.LeaseTable.Renewal;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The right of one process to run a database's updates, for an epoch, and its renewal. Holding it
 * is proved in every transaction by its {@link Fence}, never by memory.
 *
 * <p>It lives on a connection of its own, so that a long chunk does not keep it from renewal.
 */
public final class Lease implements AutoCloseable {

  public static final Duration RENEWAL = Duration.ofSeconds(5);
  public static final Duration EXPIRY = Duration.ofSeconds(15);

  /** A connection that dies without a word is noticed before the lease expires. */
  private static final Duration SILENCE = Duration.ofSeconds(8);

  /** How often the other servers are asked whether one of them was promoted. */
  private static final Duration HOSTS = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(Lease.class);

  private final Fence fence;
  private final LeaseSessions sessions;
  private final HikariDataSource pool;
  private final JdbcClient jdbc;
  private final LeaseTable table;
  private final TimeSource time;
  private long renewedAt;
  private long hostsAskedAt;

  private Lease(Database database, Fence fence, TimeSource time, long renewedAt) {
    this.fence = fence;
    this.sessions = new LeaseSessions(database, fence);
    this.pool = sessions.pool("undercurrent lease", 1, SILENCE);
    this.jdbc = JdbcClient.create(pool);
    this.table = new LeaseTable(jdbc, fence.timeline() != null);
    this.time = time;
    this.renewedAt = renewedAt;
    this.hostsAskedAt = renewedAt;
  }

  /**
   * Takes the lease if nobody has it, its holder has not renewed it, or has lost all connections.
   * The old holder's sessions are terminated first.
   *
   * @param starting whether this is a process's first look; it then resets {@code enabled} if
   *     nobody else runs the database
   * @param time how the time since a renewal is measured
   */
  public static Optional<Lease> take(
      Database database, Owner owner, boolean starting, TimeSource time) {
    return new Takeover(database, owner, time).take(starting);
  }

  /** A lease that was taken, with a session that vouches for it. */
  static Lease vouched(Database database, Fence fence, TimeSource time, long renewedAt) {
    var lease = new Lease(database, fence, time, renewedAt);
    try {
      lease.sessions.vouch(lease.jdbc);
      return lease;
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /**
   * Renews the lease if it is time to, and looks for a server that was promoted.
   *
   * @return whether it was
   * @throws LeaseLostException if another process holds it, or this server is an old primary
   */
  public boolean renew() {
    if (age().compareTo(RENEWAL) < 0) {
      return false;
    }
    var asked = time.nanos();
    var renewal = table.renew(fence, EXPIRY).orElseThrow(fence::lost);
    renewedAt = asked;
    requireCurrent(renewal);
    return true;
  }

  private void requireCurrent(Renewal renewal) {
    var timeline = fence.timeline();
    if (timeline == null || renewal.lsn() == null) {
      return;
    }
    var database = sessions.database();
    database.seeAgain(timeline, renewal.lsn(), renewal.at());
    if (time.since(hostsAskedAt).compareTo(HOSTS) >= 0) {
      hostsAskedAt = time.nanos();
      database.askHosts();
    }
    if (database.isOver(timeline)) {
      throw fence.overtaken();
    }
  }

  /** How long ago the last renewal was asked for, on this process's monotonic clock. */
  public Duration age() {
    return time.since(renewedAt);
  }

  /** Gives the lease back, if it is still held. */
  public void release() {
    try {
      table.release(fence.epoch());
    } catch (DataAccessException e) {
      log.warn("Could not give the lease of {} back; it expires by itself", fence.database(), e);
    }
  }

  public Owner owner() {
    return fence.owner();
  }

  public long epoch() {
    return fence.epoch();
  }

  public Fence fence() {
    return fence;
  }

  public LeaseSessions sessions() {
    return sessions;
  }

  /** The lease's own connection, on which the holder looks at wishes. */
  public JdbcClient jdbc() {
    return jdbc;
  }

  @Override
  public void close() {
    pool.close();
  }
}
