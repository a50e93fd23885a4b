package io.undercurrent.status;

import io.undercurrent.key.KeyAxis.Share;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.Slice.State;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a run is that was cut into slices: by the rows of all of them. Where nobody knows how
 * many one has, those that are done say it: slices are cut to be alike.
 */
record SlicesForecast(RunView run) {

  Optional<ProgressView> view() {
    return forecast()
        .flatMap(
            forecast ->
                forecast.view(
                    elapsed(),
                    Pace.of(run),
                    (pace, done) -> pace.left(run.slices().stream().map(this::left).toList())));
  }

  private Optional<Forecast> forecast() {
    var slices = run.slices();
    var unknown = slices.stream().anyMatch(lane -> expected(lane) == 0 && !lane.is(State.DONE));
    return unknown ? bySlices(slices) : byRows();
  }

  private Optional<Forecast> byRows() {
    var rows = run.lanes().stream().mapToLong(lane -> lane.progress().rows()).sum();
    var expected = run.lanes().stream().mapToDouble(this::expected).sum();
    var share = rows / Math.max(1, expected);
    var basis =
        String.format(Locale.ROOT, Forecast.ESTIMATED, rows, Math.round(expected)) + slicesDone();
    return Optional.of(new Forecast(new Share(share, share), basis));
  }

  /** Of those at work nobody knows how far they are. */
  private Optional<Forecast> bySlices(List<Lane> slices) {
    var done = (double) run.count(State.DONE);
    var begun =
        (double) slices.stream().filter(lane -> lane.begun() || lane.is(State.DONE)).count();
    var share = new Share(done / slices.size(), begun / slices.size());
    return Optional.of(new Forecast(share, "by the slices" + slicesDone()));
  }

  private String slicesDone() {
    return ", %d of %d slices done".formatted(run.count(State.DONE), run.slices().size());
  }

  private double left(Lane slice) {
    return expected(slice) - slice.progress().rows();
  }

  /** How many rows a part has; 0 if that is not known. */
  private double expected(Lane lane) {
    var progress = lane.progress();
    if (lane.slice() == null || lane.is(State.DONE)) {
      return progress.rows();
    }
    var told = progress.expectedRows() == 0 ? ofThoseDone() : progress.expectedRows();
    return told == 0 ? 0 : Math.max(told, progress.rows());
  }

  private double ofThoseDone() {
    return run.slices().stream()
        .filter(lane -> lane.is(State.DONE))
        .mapToLong(lane -> lane.progress().rows())
        .average()
        .orElse(0);
  }

  private Duration elapsed() {
    return run.lanes().stream()
        .map(Lane::elapsed)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }
}
