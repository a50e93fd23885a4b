package io.undercurrent.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change that somebody asked for.
 *
 * @param at when, on the database's clock
 * @param operator who: an operating system's user, a token's label or a homeserver's user id
 * @param cameBy what proves who: {@code console}, {@code token} or {@code homeserver}
 * @param address where it was asked from
 * @param action what was done, in a word: {@code start}, {@code pause}, {@code enable}
 * @param subject the job or the update, or null for all updates
 * @param before what was the case before, or null if nothing was
 * @param after what was so afterwards, or null if nothing was
 * @param reason why, or null if nobody said so
 */
public record Action(
    Instant at,
    String operator,
    String cameBy,
    String address,
    String action,
    @Nullable String subject,
    @Nullable String before,
    @Nullable String after,
    @Nullable String reason) {}
