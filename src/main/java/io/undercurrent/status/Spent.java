package io.undercurrent.status;

import io.undercurrent.history.RunTimes;
import io.undercurrent.history.RunTimes.Use;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run has spent its time on.
 *
 * @param times on what, since it was first executed
 * @param until up to when that was counted; null if it is not counted any more
 */
public record Spent(RunTimes times, @Nullable Instant until) {

  /** Of a row with both; null if nobody has counted it. */
  static @Nullable Spent of(ResultSet row) throws SQLException {
    var times = RunTimes.of(row.getString("times"));
    var until = row.getObject("counted_until", OffsetDateTime.class);
    if (times == null && until == null) {
      return null;
    }
    return new Spent(
        times == null ? new RunTimes(Map.of()) : times, until == null ? null : until.toInstant());
  }

  /** The same with what has passed since. */
  Spent asOf(Instant now, String activity) {
    return until == null || !now.isAfter(until)
        ? this
        : new Spent(times.with(activity, Duration.between(until, now)), now);
  }

  /**
   * Of the time of its executions up to the last commit, that in which the database's health did
   * not hold them.
   *
   * @param held for how long it has held them since that commit
   */
  double shareAtWork(Duration held) {
    var atWork = atWork().toNanos();
    var braked = Math.max(0, times.braked().minus(held).toNanos());
    return braked == 0 ? 1 : (double) atWork / (atWork + braked);
  }

  /** How much longer the run takes than it works and sleeps; nothing if it did neither. */
  double stretch() {
    var counted = times.all().minus(times.on(Use.UNKNOWN)).toNanos();
    var atWork = atWork().toNanos();
    return atWork == 0 ? 0 : (double) counted / atWork;
  }

  private Duration atWork() {
    return times.on(Use.WORKED, Use.SLEPT);
  }
}
