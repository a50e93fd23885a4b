package io.undercurrent.command;

import io.undercurrent.quarantine.QuarantinedRow;
import io.undercurrent.runner.QuarantineReplay.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/** What has come of the rows that were tried again. */
public final class ReplayTally implements BiConsumer<QuarantinedRow, Outcome> {

  private static final int FEW_KEYS = 5;

  private final Map<Outcome, List<QuarantinedRow>> rows = new EnumMap<>(Outcome.class);

  @Override
  public void accept(QuarantinedRow row, Outcome outcome) {
    rows.computeIfAbsent(outcome, any -> new ArrayList<>()).add(row);
  }

  public long tried() {
    return rows.values().stream().mapToLong(List::size).sum();
  }

  public long failed() {
    return of(Outcome.FAILED).size();
  }

  private List<QuarantinedRow> of(Outcome outcome) {
    return rows.getOrDefault(outcome, List.of());
  }

  /** {@code 35 rows done, 1 failed again}. */
  public String words() {
    var words = new ArrayList<String>();
    words.add(
        number(of(Outcome.DONE)) + (of(Outcome.DONE).size() == 1 ? " row done" : " rows done"));
    if (!of(Outcome.NOTHING_TO_DO).isEmpty()) {
      words.add(
          "%s removed that %s gone or %s not match any more: %s"
              .formatted(
                  number(of(Outcome.NOTHING_TO_DO)),
                  of(Outcome.NOTHING_TO_DO).size() == 1 ? "is" : "are",
                  of(Outcome.NOTHING_TO_DO).size() == 1 ? "does" : "do",
                  keys(of(Outcome.NOTHING_TO_DO))));
    }
    if (failed() > 0) {
      words.add(number(of(Outcome.FAILED)) + " failed again");
    }
    if (!of(Outcome.TAKEN).isEmpty()) {
      words.add(number(of(Outcome.TAKEN)) + " left to another process");
    }
    return String.join(", ", words);
  }

  private static String number(List<QuarantinedRow> rows) {
    return String.format(Locale.ROOT, "%,d", rows.size());
  }

  private static String keys(List<QuarantinedRow> rows) {
    var keys = rows.stream().limit(FEW_KEYS).map(row -> row.row().key().toString()).toList();
    return String.join(", ", keys) + (rows.size() > FEW_KEYS ? ", ..." : "");
  }
}
