package io.undercurrent.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change that an operator asked for.
 *
 * @param at when, on the database's clock
 * @param operator who: an operating system's user, a token's label or a homeserver's user id
 * @param cameBy what proves who: {@code console}, {@code token} or {@code homeserver}
 * @param address the address of the request
 * @param action what was done, in a word: {@code start}, {@code pause}, {@code enable}
 * @param subject the job or the update, or null for all updates
 * @param before the state before, or null
 * @param after the state after it, or null
 * @param reason why, or null if none was given
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
