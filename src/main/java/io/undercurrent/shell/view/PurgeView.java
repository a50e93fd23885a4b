package io.undercurrent.shell.view;

import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.command.Operator;
import io.undercurrent.history.Purged;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import java.time.Instant;

/** Removing what is old from a history, as {@code history purge} does. */
public final class PurgeView {

  private final BackgroundUpdates updates;
  private final Screen screen;
  private final Times times;
  private final Confirmation confirmation;

  public PurgeView(
      BackgroundUpdates updates, Screen screen, Times times, Confirmation confirmation) {
    this.updates = updates;
    this.screen = screen;
    this.times = times;
    this.confirmation = confirmation;
  }

  /** Says what a purge would remove. */
  public void rehearse(String database, Instant before, boolean json) {
    var purged = updates.countPurge(database, before);
    if (json) {
      JsonOutput.print(screen, PurgeJson.of(database, before, true, purged));
    } else {
      screen.tell(sentence("Would remove", purged, database, before));
    }
  }

  /**
   * Removes it.
   *
   * @param sure whether the operator need not be asked
   */
  public void purge(String database, Instant before, boolean sure, boolean json)
      throws InterruptedException {
    var old = updates.countPurge(database, before);
    if (!sure && !old.isNothing()) {
      confirmation.ask(
          "This removes %s of before %s from the history of %s."
              .formatted(counts(old), times.local(before), database),
          "purge");
    }
    var purged = updates.purge(database, before, Operator.ofThisProcess());
    if (json) {
      JsonOutput.print(screen, PurgeJson.of(database, before, false, purged));
    } else {
      screen.tell(sentence("Removed", purged, database, before));
    }
  }

  private String sentence(String verb, Purged purged, String database, Instant before) {
    return "%s %s of before %s from the history of %s. The newest run of each update stays: the next one is numbered after it."
        .formatted(verb, counts(purged), times.local(before), database);
  }

  private static String counts(Purged purged) {
    return "%s (%s), %s and %s"
        .formatted(
            Numbers.of(purged.runs(), "run"),
            Numbers.of(purged.executions(), "execution"),
            Numbers.of(purged.samples(), "sample"),
            Numbers.of(purged.actions(), "record") + " of changes");
  }

  /** The stable form of what was removed. */
  private record PurgeJson(
      String database,
      Instant before,
      boolean dryRun,
      long runs,
      long executions,
      long actions,
      long samples) {

    static PurgeJson of(String database, Instant before, boolean dryRun, Purged purged) {
      return new PurgeJson(
          database,
          before,
          dryRun,
          purged.runs(),
          purged.executions(),
          purged.actions(),
          purged.samples());
    }
  }
}
