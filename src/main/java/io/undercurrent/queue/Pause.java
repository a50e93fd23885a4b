package io.undercurrent.queue;

import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import java.time.Instant;
import java.util.Optional;
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

  private static final String RECORDED_UNTIL = "paused until ";

  /** The pause as the records of operators' actions have it. */
  public String recorded() {
    return until == null ? "paused" : RECORDED_UNTIL + until;
  }

  /** When a pause was to end by itself, if a record is of such a pause. */
  public static Optional<Instant> recordedUntil(String record) {
    return record.startsWith(RECORDED_UNTIL)
        ? Optional.of(Instant.parse(record.substring(RECORDED_UNTIL.length())))
        : Optional.empty();
  }

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
