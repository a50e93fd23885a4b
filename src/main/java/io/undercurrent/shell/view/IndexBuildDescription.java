package io.undercurrent.shell.view;

import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.state.Blocker;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;

/** How far an index build is, and whom it waits for. */
final class IndexBuildDescription {

  private IndexBuildDescription() {}

  static void add(DescriptionList facts, IndexBuildView build, Times times) {
    if (build.index() != null) {
      facts.add("index", build.index());
    }
    facts.add("phase", build.done() == null ? build.words() : build.words() + ", " + build.done());
    if (build.waitsFor() != null) {
      facts.add("waits for", waitsFor(build.waitsFor(), times));
    }
  }

  private static String waitsFor(Blocker blocker, Times times) {
    return "%s%s%s%s"
        .formatted(
            blocker.words(),
            blocker.state() == null ? "" : ", " + blocker.state(),
            blocker.since() == null
                ? ""
                : ", in a transaction since " + times.local(blocker.since()),
            blocker.query() == null ? "" : ": " + blocker.query());
  }
}
