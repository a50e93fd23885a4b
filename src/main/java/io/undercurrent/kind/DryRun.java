package io.undercurrent.kind;

import java.util.List;
import java.util.Optional;

/**
 * What trying an update has shown; nothing is left of it.
 *
 * @param chunks those that were tried, in the order of their keys; none where the update is not
 *     done in chunks, or cannot be tried
 * @param estimate what all of it comes to; nothing where no chunk tells that
 * @param remarks what else there is to say: what would be done, what was left out and why
 */
public record DryRun(List<TriedChunk> chunks, Optional<Estimate> estimate, List<String> remarks) {

  /** Of an update of which nothing was tried. */
  public static DryRun explained(List<String> remarks) {
    return new DryRun(List.of(), Optional.empty(), remarks);
  }

  /** How many of the chunks cannot be done. */
  public long failed() {
    return chunks.stream().filter(chunk -> chunk.error() != null).count();
  }
}
