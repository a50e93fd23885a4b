package io.undercurrent.queue;

import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import java.time.Instant;
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

  /** The pause as what holds all updates, or one. */
  public Hold hold() {
    return Hold.of(update == null ? Kind.ALL_PAUSED : Kind.PAUSED)
        .update(update)
        .who(author)
        .since(pausedAt)
        .until(until)
        .what(reason);
  }
}
