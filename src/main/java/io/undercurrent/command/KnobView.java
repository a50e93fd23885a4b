package io.undercurrent.command;

import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSetting;
import org.jspecify.annotations.Nullable;

/**
 * A knob of an update as it stands.
 *
 * @param file what the job file says, or else the default or the built-in controller; null where
 *     none of them says anything
 * @param defined whether a job file defines the update
 * @param set what an operator has set, which wins; null if none has
 */
public record KnobView(
    Knob knob, @Nullable String file, boolean defined, @Nullable KnobSetting set) {

  /** What holds; null if nobody knows. */
  public @Nullable String value() {
    return set == null ? file : set.value();
  }

  /** What holds if nothing is set, in words. */
  public String otherwise() {
    if (!defined) {
      return "unknown: no job file defines it";
    }
    if (file != null) {
      return file;
    }
    return switch (knob) {
      case MAX -> "no limit";
      case LANES, TARGET, SLEEP -> "what the controller does";
    };
  }

  String recorded() {
    return "%s=%s".formatted(knob.word(), value() == null ? "default" : value());
  }
}
