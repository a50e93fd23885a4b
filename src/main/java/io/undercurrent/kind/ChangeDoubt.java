package io.undercurrent.kind;

import io.undercurrent.iteration.Progress;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Whether a completed run may have changed other rows than its author meant. */
public final class ChangeDoubt {

  private ChangeDoubt() {}

  /**
   * A warning, for the operator; nothing where each statement has changed rows and at most one for
   * each item, and where that cannot be known.
   */
  public static Optional<String> of(Progress progress) {
    var matching = progress.written().matching();
    if (matching == null || matching == 0) {
      return Optional.empty();
    }
    // With weights an item is what a row costs, rows to change for example.
    var items = progress.performance().totalItems();
    var most = items == progress.rows() ? matching : Math.max(matching, items);
    var counts = progress.written().changed().byStatement();
    return IntStream.range(0, counts.size())
        .mapToObj(
            i -> {
              var changed = counts.get(i);
              return changed == null || changed > 0 && changed <= most
                  ? ""
                  : sentence(changed, changed == 0 ? matching : most, by(i, counts.size()));
            })
        .filter(sentence -> !sentence.isEmpty())
        .findFirst();
  }

  private static String by(int statement, int statements) {
    return statements == 1
        ? ""
        : " by statement %d of %d in 'write'".formatted(statement + 1, statements);
  }

  private static String sentence(long changed, long items, String by) {
    return String.format(
        Locale.ROOT,
        "%,d rows were changed for %,d items%s. Check that it finds the rows that it should change%s; if that is right, say so in the job file with: expect: {changed-per-item: \"0..%s\"}",
        changed,
        items,
        by,
        changed == 0 ? "" : ", by their whole key",
        changed == 0 ? "1" : "");
  }
}
