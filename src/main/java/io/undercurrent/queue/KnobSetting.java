package io.undercurrent.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has set of an update; it wins over the job file, until the run has ended.
 *
 * @param by who has set it
 * @param reason why, or null if none was given
 * @param at when, on the database's clock
 */
public record KnobSetting(
    String update, Knob knob, String value, String by, @Nullable String reason, Instant at) {}
