package io.undercurrent.kind;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that was tried and rolled back.
 *
 * @param after the key that it begins after, or null for the beginning
 * @param size how many items it was allowed
 * @param walked how many keys it walked over
 * @param matching how many of them would be handed to {@code write}
 * @param changed how many rows were changed, or null if that is not known
 * @param took how long it took, but for a COMMIT
 * @param waited how long the controller held it back
 * @param cost what the chunk that follows it costs the server, or null if that was not measured
 * @param error why it cannot be done, or null if it can
 */
public record TriedChunk(
    @Nullable List<String> after,
    int size,
    long walked,
    long matching,
    @Nullable Long changed,
    Duration took,
    Duration waited,
    @Nullable Cost cost,
    @Nullable String error) {

  /** The same with what such a chunk costs. */
  public TriedChunk with(@Nullable Cost measured) {
    return new TriedChunk(after, size, walked, matching, changed, took, waited, measured, error);
  }

  /**
   * What reading and writing a chunk costs the server, by EXPLAIN.
   *
   * @param walked how many keys that chunk walked over
   * @param buffers how many of its blocks were looked at, in memory or not
   * @param wal how much WAL was written, in bytes
   */
  public record Cost(long walked, long buffers, long wal) {}
}
