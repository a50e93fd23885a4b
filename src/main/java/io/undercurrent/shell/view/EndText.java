package io.undercurrent.shell.view;

import io.undercurrent.history.Run;
import io.undercurrent.quarantine.Quarantine;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Times;
import java.util.Locale;

/** How a run ended, in words. */
public final class EndText {

  private EndText() {}

  /** {@code fill_titles: completed, 3 items, 3 rows changed in 23 s}. */
  public static String of(Run run) {
    return "%s: %s%s in %s"
        .formatted(run.update(), outcome(run), CountText.of(run), Durations.human(run.working()));
  }

  /** The same with the time: {@code last: fill_titles completed at ..., 3 items in 23 s}. */
  public static String last(Run run, Times times) {
    return "last: %s %s at %s%s in %s%s"
        .formatted(
            run.update(),
            outcome(run),
            times.local(run.endedAt()),
            CountText.of(run),
            Durations.human(run.working()),
            run.warning() == null ? "" : ". Warning: " + run.warning());
  }

  private static String outcome(Run run) {
    return run.endedWithQuarantine()
        ? Quarantine.COMPLETED.toLowerCase(Locale.ROOT)
        : run.status().name().toLowerCase(Locale.ROOT);
  }
}
