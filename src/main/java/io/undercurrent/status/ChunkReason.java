package io.undercurrent.status;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.iteration.Progress;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.status.UpdateDetail.ChunkView;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says why the last chunk had the size that it had.
 *
 * @param knobs what operators have set of the update
 */
record ChunkReason(KnobSettings knobs) {

  @Nullable ChunkView of(Progress progress) {
    var chunk = progress.lastChunk();
    if (chunk == null) {
      return null;
    }
    if (progress.mostRows() < chunk.items()) {
      return new ChunkView(
          progress.mostRows(),
          "memory",
          String.format(
              Locale.ROOT,
              "the most rows of a chunk, which is held in memory; the pace would allow %,d",
              chunk.items()));
    }
    return switch (chunk.rule()) {
      case DEFAULT ->
          new ChunkView(
              chunk.items(), "default", "the default batch size, as nothing was counted before");
      case PACE -> new ChunkView(chunk.items(), "pace", "what fits " + pace(chunk));
      case SLOW ->
          new ChunkView(
              chunk.items(), "slow", "the chunk before was slow; what fits " + pace(chunk));
      case GROWTH ->
          new ChunkView(
              chunk.items(),
              "growth",
              "four times the chunk before, as chunks grow step by step; more would fit "
                  + pace(chunk));
      case AVERAGE ->
          new ChunkView(
              chunk.items(), "average", "what fits " + pace(chunk) + " on the run's average");
      case MAXIMUM ->
          new ChunkView(
              chunk.items(),
              "maximum",
              "the most that %s; more would fit %s".formatted(whoseMaximum(chunk), pace(chunk)));
      case HELD ->
          new ChunkView(
              chunk.items(),
              "held",
              "a chunk before was too much and was rolled back; chunks grow again step by step");
      case HALVED ->
          new ChunkView(
              chunk.items(),
              "halved",
              "other sessions waited for a chunk before, so it was halved; chunks grow again step by step");
      case SEARCH ->
          new ChunkView(
              chunk.items(), "search", "half of what is left of a chunk that failed on a row");
      case MINIMUM ->
          new ChunkView(
              chunk.items(), "minimum", "the minimum batch size; less would fit " + pace(chunk));
      case ONE_SHOT -> new ChunkView(chunk.items(), "one-shot", "all in one iteration");
    };
  }

  private String whoseMaximum(ChunkSize chunk) {
    return knobs
        .find(Knob.MAX)
        .filter(set -> knobs.number(Knob.MAX).filter(max -> max == chunk.items()).isPresent())
        .map(set -> "%s has set (max=%s)".formatted(set.by(), set.value()))
        .orElse("the job file allows ('batch: {max}')");
  }

  private String pace(ChunkSize chunk) {
    return String.format(
        Locale.ROOT,
        "a target of %,.0f ms%s at %s items/ms",
        chunk.targetMs(),
        whoseTarget(chunk),
        String.format(Locale.ROOT, chunk.itemsPerMs() < 1 ? "%.2g" : "%,.1f", chunk.itemsPerMs()));
  }

  /** That of the chunk may be an older one. */
  private String whoseTarget(ChunkSize chunk) {
    return knobs
        .find(Knob.TARGET)
        .filter(
            set ->
                knobs
                    .duration(Knob.TARGET)
                    .filter(target -> target.toNanos() / 1e6 == chunk.targetMs())
                    .isPresent())
        .map(set -> ", set by %s,".formatted(set.by()))
        .orElse("");
  }
}
