package io.undercurrent.runner;

import io.undercurrent.chunk.KeyAxis;
import io.undercurrent.chunk.KeyAxis.Share;
import io.undercurrent.job.UpdateDefinition;
import io.undercurrent.job.Work.Read;
import io.undercurrent.job.Work.ReadWrite;
import io.undercurrent.runner.DatabaseStatus.ProgressView;
import java.time.Duration;
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

  static Optional<ProgressView> of(
      LastExecution execution, @Nullable UpdateDefinition definition, JdbcClient jdbc) {
    return share(execution, definition, jdbc).flatMap(forecast -> forecast.view(execution));
  }

  private static Optional<Forecast> share(
      LastExecution execution, @Nullable UpdateDefinition definition, JdbcClient jdbc) {
    if (definition != null
        && definition.work() instanceof ReadWrite work
        && work.read() instanceof Read.Table table) {
      var position = execution.checkpoint().position();
      return position == null
          ? Optional.empty()
          : new KeyAxis(jdbc, table.table(), table.key().get(0))
              .upTo(position.get(0))
              .flatMap(share -> ofTable(share, execution));
    }
    return ofRows(execution);
  }

  private static Optional<Forecast> ofTable(Share onAxis, LastExecution execution) {
    return onAxis.most() - onAxis.least() <= VAGUE
        ? Optional.of(new Forecast(onAxis, "by the position among the keys (planner's statistics)"))
        : ofRows(execution).map(rows -> rows.within(onAxis));
  }

  private Forecast within(Share limits) {
    var inside = Math.max(limits.least(), Math.min(limits.most(), share.least()));
    return new Forecast(new Share(inside, inside), basis);
  }

  private static Optional<Forecast> ofRows(LastExecution execution) {
    var progress = execution.progress();
    if (progress.expectedRows() == 0) {
      return Optional.empty();
    }
    var share = (double) progress.rows() / Math.max(progress.expectedRows(), progress.rows());
    var basis =
        String.format(
            Locale.ROOT,
            "%,d of about %,d rows (planner's estimate)",
            progress.rows(),
            progress.expectedRows());
    return Optional.of(new Forecast(new Share(share, share), basis));
  }

  Optional<ProgressView> view(LastExecution execution) {
    if (share.most() < LEAST && execution.elapsed().compareTo(EARLIEST) < 0) {
      return Optional.empty();
    }
    var least = Math.min(MOST, share.least());
    var most = Math.min(MOST, Math.max(least, share.most()));
    var pace = Pace.of(execution);
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
   * What a key takes, the controller's sleeps included: on average in this execution, and in its
   * last iteration, whose chunk may be far larger than the first ones.
   */
  private record Pace(long rows, double averageMs, double lastMs) {

    static Optional<Pace> of(LastExecution execution) {
      var progress = execution.progress();
      var performance = progress.performance();
      if (execution.rowsRead() == 0 || performance.totalItems() == 0) {
        return Optional.empty();
      }
      var elapsed = (double) execution.elapsed().toMillis();
      var work = performance.totalDurationMs() / progress.iterations();
      var sleep = Math.max(0, elapsed / execution.commits() - work);
      var rowsPerItem = (double) progress.rows() / performance.totalItems();
      var rows = Math.max(1, progress.mostRows() * Math.min(1, rowsPerItem));
      return Optional.of(
          new Pace(
              progress.rows(), elapsed / execution.rowsRead(), (progress.lastMs() + sleep) / rows));
    }

    Duration fastest(double share) {
      return left(share, Math.min(averageMs, lastMs));
    }

    Duration slowest(double share) {
      return left(share, Math.max(averageMs, lastMs));
    }

    private Duration left(double share, double msPerRow) {
      return Duration.ofMillis((long) (rows * (1 - share) / share * msPerRow));
    }
  }
}
