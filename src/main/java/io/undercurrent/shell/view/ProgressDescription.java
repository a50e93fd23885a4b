package io.undercurrent.shell.view;

import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;

/** How far an update is and what it has counted. */
public final class ProgressDescription {

  private ProgressDescription() {}

  public static void add(DescriptionList facts, CurrentUpdate current, Times times) {
    if (current.indexBuild() != null) {
      IndexBuildDescription.add(facts, current.indexBuild(), times);
      if (current.iterations() == 0) {
        return;
      }
    }
    facts.add("progress", ProgressText.of(current.progress()));
    facts.add("items", items(current));
    var changed = current.counts().changed();
    if (current.iterations() > 0 && changed != null) {
      facts.add("changed", Numbers.of(changed, "row"));
    }
    var run = current.work();
    if (run.isCut() || run.wanted() > 1) {
      facts.add("lanes", String.valueOf(run.wanted()));
    }
    if (run.isCut()) {
      facts.add("slices", SlicesTable.summary(run));
    }
    if (current.work().quarantined() > 0) {
      facts.add("quarantine", CountText.quarantine(current.work().quarantined(), current.name()));
    }
  }

  private static String items(CurrentUpdate current) {
    if (current.iterations() == 0) {
      return "none committed yet";
    }
    var counted =
        "%s in %s"
            .formatted(CountText.figures(current), Numbers.of(current.iterations(), "iteration"));
    return current.itemsPerMs() == null
        ? counted
        : counted + ", " + Numbers.perMs(current.itemsPerMs());
  }
}
