package io.undercurrent.shell;

import io.undercurrent.runner.DatabaseStatus.CurrentUpdate;

/** How far an update is and what it has counted. */
final class WorkFacts {

  private WorkFacts() {}

  static void add(Facts facts, CurrentUpdate current, Times times) {
    if (current.indexBuild() != null) {
      IndexBuildFacts.add(facts, current.indexBuild(), times);
      return;
    }
    facts.add("progress", ProgressText.of(current.progress()));
    facts.add("items", items(current));
    var changed = current.counts().changed();
    if (current.iterations() > 0 && changed != null) {
      facts.add("changed", Numbers.of(changed, "row"));
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
