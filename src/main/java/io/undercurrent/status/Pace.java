package io.undercurrent.status;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What iterations take: those of this execution on average, and the last one, whose chunk may be
 * far larger than the first ones.
 *
 * @param sleepMs what the controller sleeps before an iteration
 * @param lanes how many iterations are under way at a time
 */
record Pace(Iteration average, Iteration last, double sleepMs, int lanes) {

  /** That of a run; nothing before it has read any rows in its last execution. */
  static Optional<Pace> of(RunView run) {
    var slices = run.slices().stream().filter(Pace::counts).toList();
    var unfinished = run.slices().size() - (int) run.count(Slice.State.DONE);
    return run.lane()
        .flatMap(lane -> slices.isEmpty() ? of(lane) : of(slices, lane))
        .map(pace -> pace.in(Math.max(1, Math.min(run.wanted(), unfinished))));
  }

  static Optional<Pace> of(Lane lane) {
    return counts(lane) ? of(List.of(lane), lane) : Optional.empty();
  }

  private static boolean counts(Lane lane) {
    return lane.rowsRead() > 0 && lane.progress().performance().totalItems() > 0;
  }

  private static Optional<Pace> of(List<Lane> counted, Lane latest) {
    var commits = sum(counted, Lane::commits);
    var elapsed = sum(counted, lane -> lane.elapsed().toMillis()) / commits;
    var work =
        Math.min(
            elapsed,
            sum(counted, lane -> lane.progress().performance().totalDurationMs())
                / sum(counted, lane -> lane.progress().iterations()));
    var rowsPerItem =
        sum(counted, lane -> lane.progress().rows())
            / sum(counted, lane -> lane.progress().performance().totalItems());
    var average = new Iteration(sum(counted, Lane::rowsRead) / commits, work);
    var progress = latest.progress();
    var last = new Iteration(progress.mostRows() * Math.min(1, rowsPerItem), progress.lastMs());
    return Optional.of(new Pace(average, last, elapsed - work, 1));
  }

  private static double sum(List<Lane> lanes, ToDoubleFunction<Lane> figure) {
    return lanes.stream().mapToDouble(figure).sum();
  }

  private Pace in(int number) {
    return new Pace(average, last, sleepMs, number);
  }

  /** What so many rows of one lane take. */
  Left left(double rows) {
    return new Left(ms(rows, average), ms(rows, last));
  }

  /**
   * What the rows of some slices take, as many of which are worked on at a time as there are lanes.
   */
  Left left(List<Double> slices) {
    return new Left(ms(slices, average), ms(slices, last));
  }

  /** The largest one may outlast all the others. */
  private double ms(List<Double> slices, Iteration iteration) {
    var all = slices.stream().mapToDouble(rows -> ms(rows, iteration)).sum();
    var largest = slices.stream().mapToDouble(rows -> ms(rows, iteration)).max().orElse(0);
    return Math.max(all / lanes, largest);
  }

  /** The controller sleeps as long before a few rows as before many. */
  private double ms(double rows, Iteration iteration) {
    var iterations = rows / iteration.rows();
    return iterations * iteration.ms() + Math.ceil(iterations) * sleepMs;
  }

  /** What so many rows take in all lanes, on average. */
  Duration all(double rows) {
    return duration(rows * (average.ms() + sleepMs) / average.rows() / lanes);
  }

  private static Duration duration(double ms) {
    return Duration.ofMillis((long) ms);
  }

  /** What the rest takes, by iterations as on average and by those as the last one. */
  record Left(double averageMs, double lastMs) {

    Duration fastest() {
      return duration(Math.min(averageMs, lastMs));
    }

    Duration slowest() {
      return duration(Math.max(averageMs, lastMs));
    }
  }

  /** An iteration of so many rows and so much work, without the sleep before it. */
  private record Iteration(double rows, double ms) {

    Iteration {
      rows = Math.max(1, rows);
    }
  }
}
