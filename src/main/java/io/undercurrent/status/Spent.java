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
 * @param iterations how long its iterations had taken by then
 */
public record Spent(RunTimes times, @Nullable Instant until, Duration iterations) {

  private static final String WORKING = "working";
  private static final String SLEEPING = "sleeping";

  /** Of a row with both; null if nobody has counted it. */
  static @Nullable Spent of(ResultSet row) throws SQLException {
    var times = RunTimes.of(row.getString("times"));
    var until = row.getObject("counted_until", OffsetDateTime.class);
    if (times == null && until == null) {
      return null;
    }
    return new Spent(
        times == null ? new RunTimes(Map.of()) : times,
        until == null ? null : until.toInstant(),
        Duration.ofMillis(row.getLong("counted_iteration_ms")));
  }

  Duration sinceCounted(Instant now) {
    return until == null || now.isBefore(until) ? Duration.ZERO : Duration.between(until, now);
  }

  /**
   * The same with what has passed since. Where it works and sleeps in turn, its iterations say how
   * much of that is which; what has passed since the last one is what it does now.
   *
   * @param total how long its iterations have taken by now
   * @param since what has passed since the last one was committed
   */
  Spent asOf(Instant now, String activity, Duration total, Duration since) {
    if (until == null || !now.isAfter(until)) {
      return this;
    }
    var passed = Duration.between(until, now);
    if (!activity.equals(WORKING) && !activity.equals(SLEEPING)) {
      return new Spent(times.with(activity, passed), now, total);
    }
    var counted = total.minus(iterations).plus(activity.equals(WORKING) ? since : Duration.ZERO);
    var worked =
        counted.isNegative() ? Duration.ZERO : counted.compareTo(passed) > 0 ? passed : counted;
    return new Spent(times.with(WORKING, worked).with(SLEEPING, passed.minus(worked)), now, total);
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
