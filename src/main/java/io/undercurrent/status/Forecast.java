package io.undercurrent.status;

import io.undercurrent.key.KeyAxis;
import io.undercurrent.key.KeyAxis.Share;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
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
  static final String ESTIMATED = "%,d of about %,d rows (planner's estimate)";

  static Optional<ProgressView> of(
      RunView run, @Nullable UpdateDefinition definition, JdbcClient jdbc) {
    var view =
        run.isCut()
            ? new SlicesForecast(run).view()
            : run.lane()
                .flatMap(
                    lane -> share(lane, definition, jdbc).flatMap(forecast -> forecast.view(lane)));
    return view.map(progress -> progress.with(run.spent()));
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
    return view(
        lane.elapsed(),
        Pace.of(lane),
        (pace, done) -> pace.left(lane.progress().rows() * (1 - done) / done));
  }

  /**
   * The same for people.
   *
   * @param elapsed how long the run has worked
   * @param left what the rest takes where so much is done
   */
  Optional<ProgressView> view(
      Duration elapsed, Optional<Pace> paced, BiFunction<Pace, Double, Pace.Left> left) {
    if (share.most() < LEAST && elapsed.compareTo(EARLIEST) < 0) {
      return Optional.empty();
    }
    var least = Math.min(MOST, share.least());
    var most = Math.min(MOST, Math.max(least, share.most()));
    var pace = paced.filter(known -> least > 0);
    return Optional.of(
        new ProgressView(
            100 * least,
            100 * most,
            pace.map(known -> left.apply(known, most).fastest()).orElse(null),
            pace.map(known -> left.apply(known, least).slowest()).orElse(null),
            basis));
  }
}
