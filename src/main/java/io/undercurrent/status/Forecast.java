package io.undercurrent.status;

import io.undercurrent.key.KeyAxis;
import io.undercurrent.key.KeyAxis.Share;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How far a run is and what the rest takes, from the position and the planner's statistics; no
 * table is counted for it.
 *
 * @param share of the work that is done
 * @param basis what that rests on
 */
record Forecast(Share share, String basis) {

  /** Before that, and before {@link #EARLIEST}, nothing is claimed. */
  private static final double LEAST = 0.01;

  private static final Duration EARLIEST = Duration.ofSeconds(30);
  private static final double MOST = 0.999;

  /** A wider range than this says less than the planner's estimate of the rows does. */
  private static final double VAGUE = 0.2;

  private static final Optional<KeyAxis> NO_AXIS = Optional.empty();
  private static final Optional<String> NOT_COUNTED = Optional.empty();
  private static final String COUNTED = "%,d of %,d ";
  private static final String ESTIMATED = "%,d of about %,d rows (planner's estimate)";

  static Optional<ProgressView> of(
      Lane lane, @Nullable UpdateDefinition definition, JdbcClient jdbc) {
    return share(lane, definition, jdbc).flatMap(forecast -> forecast.view(lane));
  }

  private static Optional<Forecast> share(
      Lane lane, @Nullable UpdateDefinition definition, JdbcClient jdbc) {
    var axis = definition == null ? NO_AXIS : definition.work().axis(jdbc);
    if (axis.isEmpty()) {
      var counted = definition == null ? NOT_COUNTED : definition.work().counts();
      return ofRows(lane, counted.map(COUNTED::concat).orElse(ESTIMATED));
    }
    var position = lane.position();
    return position == null
        ? Optional.empty()
        : axis.get()
            .walked(first(lane.begin()), position.get(0), first(lane.end()))
            .flatMap(share -> ofTable(share, lane));
  }

  private static @Nullable String first(@Nullable List<String> key) {
    return key == null ? null : key.get(0);
  }

  private static Optional<Forecast> ofTable(Share onAxis, Lane lane) {
    return onAxis.most() - onAxis.least() <= VAGUE
        ? Optional.of(new Forecast(onAxis, "by the position among the keys (planner's statistics)"))
        : ofRows(lane, ESTIMATED).map(rows -> rows.within(onAxis));
  }

  private Forecast within(Share limits) {
    var inside = Math.max(limits.least(), Math.min(limits.most(), share.least()));
    return new Forecast(new Share(inside, inside), basis);
  }

  private static Optional<Forecast> ofRows(Lane lane, String words) {
    var progress = lane.progress();
    if (progress.expectedRows() == 0) {
      return Optional.empty();
    }
    var share = (double) progress.rows() / Math.max(progress.expectedRows(), progress.rows());
    var basis = String.format(Locale.ROOT, words, progress.rows(), progress.expectedRows());
    return Optional.of(new Forecast(new Share(share, share), basis));
  }

  Optional<ProgressView> view(Lane lane) {
    if (share.most() < LEAST && lane.elapsed().compareTo(EARLIEST) < 0) {
      return Optional.empty();
    }
    var least = Math.min(MOST, share.least());
    var most = Math.min(MOST, Math.max(least, share.most()));
    var pace = Pace.of(lane);
    var left = least > 0 ? pace.orElse(null) : null;
    return Optional.of(
        new ProgressView(
            100 * least,
            100 * most,
            left == null ? null : left.fastest(most),
            left == null ? null : left.slowest(least),
            basis));
  }

  /**
   * What iterations take: those of this execution on average, and the last one, whose chunk may be
   * far larger than the first ones.
   *
   * @param rows the keys that were read in this run
   * @param sleepMs what the controller sleeps before an iteration
   */
  private record Pace(long rows, Iteration average, Iteration last, double sleepMs) {

    static Optional<Pace> of(Lane lane) {
      var progress = lane.progress();
      var performance = progress.performance();
      if (lane.rowsRead() == 0 || performance.totalItems() == 0) {
        return Optional.empty();
      }
      var elapsed = (double) lane.elapsed().toMillis() / lane.commits();
      var work = Math.min(elapsed, performance.totalDurationMs() / progress.iterations());
      var rowsPerItem = (double) progress.rows() / performance.totalItems();
      var average = new Iteration((double) lane.rowsRead() / lane.commits(), work);
      var last = new Iteration(progress.mostRows() * Math.min(1, rowsPerItem), progress.lastMs());
      return Optional.of(new Pace(progress.rows(), average, last, elapsed - work));
    }

    Duration fastest(double share) {
      return duration(Math.min(leftMs(share, average), leftMs(share, last)));
    }

    Duration slowest(double share) {
      return duration(Math.max(leftMs(share, average), leftMs(share, last)));
    }

    /** The controller sleeps as long before a few rows as before many. */
    private double leftMs(double share, Iteration iteration) {
      var iterations = rows * (1 - share) / share / iteration.rows();
      return iterations * iteration.ms() + Math.ceil(iterations) * sleepMs;
    }

    private static Duration duration(double ms) {
      return Duration.ofMillis((long) ms);
    }
  }

  /** An iteration of so many rows and so much work, without the sleep before it. */
  private record Iteration(double rows, double ms) {

    Iteration {
      rows = Math.max(1, rows);
    }
  }
}
