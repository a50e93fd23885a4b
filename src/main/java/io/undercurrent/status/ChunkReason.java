package io.undercurrent.status;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.iteration.Progress;
import io.undercurrent.status.UpdateDetail.ChunkView;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says why the last chunk had the size that it had. */
final class ChunkReason {

  private ChunkReason() {}

  static @Nullable ChunkView of(Progress progress) {
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
      case MINIMUM ->
          new ChunkView(
              chunk.items(), "minimum", "the minimum batch size; less would fit " + pace(chunk));
      case ONE_SHOT -> new ChunkView(chunk.items(), "one-shot", "all in one iteration");
    };
  }

  private static String pace(ChunkSize chunk) {
    return String.format(
        Locale.ROOT,
        "a target of %,.0f ms at %s items/ms",
        chunk.targetMs(),
        String.format(Locale.ROOT, chunk.itemsPerMs() < 1 ? "%.2g" : "%,.1f", chunk.itemsPerMs()));
  }
}
