package io.undercurrent.command;

import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSetting;
import org.jspecify.annotations.Nullable;

/**
 * A knob of an update as it stands.
 *
 * @param file what the job file says, or the default; null if no file defines the update
 * @param set what an operator has set, which wins; null if none has
 */
public record KnobView(Knob knob, @Nullable String file, @Nullable KnobSetting set) {

  /** What holds; null if no file defines the update. */
  public @Nullable String value() {
    return set == null ? file : set.value();
  }

  @Nullable String recorded() {
    return value() == null ? null : "%s=%s".formatted(knob.word(), value());
  }
}
