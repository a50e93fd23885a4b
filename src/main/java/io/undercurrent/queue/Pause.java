package io.undercurrent.queue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * An operator's wish that an update, or all, do not run.
 *
 * @param update the update, or null for all
 * @param reason why, or null
 * @param author who wished it
 * @param pausedAt since when it holds
 * @param until when it ends by itself, or null
 */
public record Pause(
    @Nullable String update,
    @Nullable String reason,
    String author,
    Instant pausedAt,
    @Nullable Instant until) {

  /** The pause as operators read it: who, since when, until when, why, and the way out. */
  public String sentence() {
    return "%s by %s since %s%s%s. Lift it with: resume%s"
        .formatted(
            update == null ? "all updates are paused" : "paused",
            author,
            pausedAt.truncatedTo(ChronoUnit.SECONDS),
            until == null ? "" : " until " + until.truncatedTo(ChronoUnit.SECONDS),
            reason == null ? "" : " (" + reason + ")",
            update == null ? "" : " " + update);
  }
}
