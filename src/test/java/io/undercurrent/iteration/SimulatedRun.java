package io.undercurrent.iteration;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.controller.Controller;
import io.undercurrent.controller.PaceRule;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.failure.FailurePolicy.Failure;
import io.undercurrent.failure.FailurePolicy.TryLess;
import io.undercurrent.pace.Pacing;
import io.undercurrent.pace.Pacing.Done;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.function.LongToDoubleFunction;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * A run whose chunks have the sizes that a step would give them, and take as long as a model of the
 * server says. All times are in ms.
 */
final class SimulatedRun {

  private static final double[] COLD_FIXED = {40, 15, 8, 4, 2};
  private static final double[] COLD_EACH = {3, 2, 1.5, 1.2, 1.1};

  final List<Double> ratios = new ArrayList<>();
  long position;
  double time;

  double fixed = 1;
  double noise = 0.1;
  double spikes = 0.03;
  LongToDoubleFunction walk = key -> 0.001;
  LongToDoubleFunction write = key -> 0.004;
  LongPredicate matches = key -> true;
  boolean filters;
  boolean bean;
  long rows = Long.MAX_VALUE;
  double target = 100;
  int least = 100;

  /** What the next iteration waits for, which has nothing to do with its size. */
  double accident;

  private final Random random;
  private final OnUpdateChunkListener listener;
  private int mark;
  private Progress progress = Progress.NONE;
  private Pacing pacing = Pacing.NONE;
  private int done;
  private int failures;

  SimulatedRun(PaceRule rule, long seed) {
    random = new Random(seed);
    var controller =
        new Controller(
            (update, database, oneShot) -> () -> ms(target),
            (update, database) -> 100,
            (update, database) -> least,
            "the simulation",
            rule);
    listener =
        new OnUpdateChunkListener(
            controller,
            "update",
            "master",
            false,
            BatchSettings.NONE,
            new StopSignal(TimeSource.SYSTEM));
  }

  boolean ended() {
    return position >= rows;
  }

  SimulatedRun iterate(int iterations) {
    for (int i = 0; i < iterations && !ended(); i++) {
      iterate();
    }
    return this;
  }

  /** Has what follows be looked at. */
  SimulatedRun mark() {
    mark = ratios.size();
    return this;
  }

  List<Double> marked() {
    return ratios.subList(mark, ratios.size());
  }

  /** Goes on in another process, with what the context has. */
  SimulatedRun restart() {
    var context = new ExecutionContext();
    progress.writeTo(context);
    pacing.writeTo(context);
    progress = Progress.of(context);
    pacing = Pacing.of(context.toMap());
    done = 0;
    return this;
  }

  private void iterate() {
    listener.beforeChunk(Chunk.of());
    var wanted = listener.chunkSize(progress, pacing.walking());
    var size = wanted.atMost(pacing.most(ms(target)), Rule.HELD);
    var items = Math.min(size.items(), Progress.MOST_ROWS);
    var most = filters ? listener.mostWritten(pacing.writing()) : Integer.MAX_VALUE;
    var slowness = slowness();
    var cold = done < COLD_EACH.length;
    var each = slowness * (cold ? COLD_EACH[done] : 1);
    var begin = slowness * (fixed + (cold ? COLD_FIXED[done] : 0));
    var walking = 0.0;
    var writing = 0.0;
    var matching = 0;
    var walked = 0;
    var cut = false;
    for (int i = 0; i < items && position + i < rows; i++) {
      walking += each * walk.applyAsDouble(position + i);
      if (cut) {
        continue;
      }
      if (matches.test(position + i)) {
        cut = matching == most || bean && writing > target;
        if (cut) {
          continue;
        }
        matching++;
        writing += each * write.applyAsDouble(position + i);
      }
      walked++;
    }
    listener.leave(null);
    var timeout = timeout(items);
    writing += accident;
    accident = 0;
    if (walking > timeout || writing > timeout && !bean) {
      var took = begin + (walking > timeout ? timeout : walking + timeout);
      failed(walking > timeout || matching < 2 ? walked : matching, walked, took);
      return;
    }
    var took = begin + walking + writing;
    committed(took);
    var counts = new Counts(walked, walked, matching, ChangedRows.NONE);
    progress = progress.with(counts, size, ms(took));
    pacing =
        pacing.after(
            new Done(walked, wanted.items(), matching, ms(took), ms(writing), ms(target)), cut);
    position += walked;
    done++;
    failures = 0;
  }

  private double slowness() {
    return Math.exp(noise * random.nextGaussian()) * (random.nextDouble() < spikes ? 3 : 1);
  }

  private double timeout(int items) {
    var one = new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10), true, Duration.ZERO);
    return one.ofItems(items, ms(target), pacing.limit().fixed()).statement().toNanos() / 1e6;
  }

  private void failed(int tried, int walked, double took) {
    committed(took);
    failures++;
    var cause = new SQLException("canceling statement due to statement timeout", "57014");
    var failure = new Failure(cause, cause.getSQLState(), failures, 0, tried, false, false);
    if (FailurePolicy.STANDARD.after(failure) instanceof TryLess less) {
      pacing = pacing.atMost(less.items(), walked, ms(took), ms(target));
    }
  }

  private void committed(double took) {
    time += took;
    ratios.add(took / target);
  }

  private static Duration ms(double ms) {
    return Duration.ofNanos((long) (ms * 1e6));
  }
}
