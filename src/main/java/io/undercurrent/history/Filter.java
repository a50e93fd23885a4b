package io.undercurrent.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which runs or actions to show, the newest first.
 *
 * @param update those of this update, or null for all; of actions, their subject
 * @param since queued or done then or later, or null for all
 * @param failed only those in which an execution failed, also if they were completed later; no
 *     action fails
 * @param limit how many at most
 */
public record Filter(@Nullable String update, @Nullable Instant since, boolean failed, int limit) {

  Filter unlimited() {
    return new Filter(update, since, failed, Integer.MAX_VALUE);
  }
}
