package io.undercurrent.chunk;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step's execution context tells those who look on.
 *
 * @param progress how far and how fast
 * @param position the last key of the last chunk, in text form, or null before the first
 */
public record Checkpoint(Progress progress, @Nullable List<String> position) {

  /** Reads a context's entries. */
  public static Checkpoint of(Map<String, Object> context) {
    return new Checkpoint(Progress.of(context), KeysetReader.position(context));
  }
}
