package io.undercurrent.shell.view;

import io.undercurrent.history.Run;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import org.jspecify.annotations.Nullable;

/** What was counted, in words: {@code 1,000 matching of 20,000 keys walked, 998 rows changed}. */
public final class CountText {

  private CountText() {}

  /** What an update has read, and what it has changed if that is another figure. */
  static String briefly(CurrentUpdate current) {
    var changed = current.counts().changed();
    var figures =
        changed == null || changed.equals(current.counts().matching())
            ? items(current)
            : items(current) + ", " + changed(changed);
    return figures + inQuarantine(current.work().quarantined());
  }

  private static String inQuarantine(long rows) {
    return rows == 0 ? "" : ", %s in quarantine".formatted(Numbers.grouped(rows));
  }

  /** The rows that a run has put aside, with the verb that shows them. */
  public static String quarantine(long rows, String update) {
    return "%s; see %s with: quarantine %s"
        .formatted(Numbers.of(rows, "row"), rows == 1 ? "it" : "them", update);
  }

  /** What an update has read. */
  static String items(CurrentUpdate current) {
    var matching = current.counts().matching();
    return matching == null || matching == current.counts().walked()
        ? Numbers.of(current.items(), "item")
        : figures(current);
  }

  /** What a run has read and changed; empty if that is not known, as of an index build. */
  public static String of(Run run) {
    var changed =
        (run.changed() == null ? "" : ", " + changed(run.changed()))
            + inQuarantine(run.quarantined());
    if (run.read() == 0) {
      // A one-shot reads nothing.
      return changed;
    }
    return ", " + (run.filtered() == 0 ? Numbers.of(run.read(), "item") : figures(run)) + changed;
  }

  /** The figures of the items. */
  public static String figures(CurrentUpdate current) {
    return figures(current.items(), current.counts().walked(), current.counts().matching());
  }

  public static String figures(Run run) {
    return figures(run.read(), run.read(), run.matching());
  }

  private static String figures(long items, long walked, @Nullable Long matching) {
    return matching == null || matching == walked
        ? Numbers.grouped(items)
        : "%s matching of %s walked"
            .formatted(Numbers.grouped(matching.longValue()), Numbers.of(walked, "key"));
  }

  private static String changed(long rows) {
    return Numbers.of(rows, "row") + " changed";
  }
}
