package io.undercurrent.shell.view;

import static java.util.stream.Collectors.joining;

import io.undercurrent.history.Run;
import io.undercurrent.history.RunTimes;
import io.undercurrent.history.RunTimes.Use;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Table.Column;
import io.undercurrent.shell.screen.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What runs have spent their time on: in a sentence, or in columns. */
public final class TimesText {

  private static final Duration WORTH_A_WORD = Duration.ofSeconds(1);

  /** Those that have columns of their own even where there is little room. */
  private static final Set<Use> FIRST = EnumSet.of(Use.WORKED, Use.SLEPT, Use.HELD);

  private TimesText() {}

  /**
   * {@code 20 m: worked 12 m (60 %), slept 7 m (35 %), held by replication-lag 1 m (5 %)}; empty of
   * a run that was not counted, or that has taken less than a second.
   */
  public static Optional<String> of(@Nullable RunTimes times) {
    if (times == null || times.all().compareTo(WORTH_A_WORD) < 0) {
      return Optional.empty();
    }
    var all = times.all();
    return Optional.of(
        Durations.human(all)
            + ": "
            + times.parts().entrySet().stream()
                .map(part -> words(part, all))
                .collect(joining(", ")));
  }

  private static String words(Map.Entry<String, Duration> part, Duration all) {
    return "%s %s (%s)"
        .formatted(
            RunTimes.words(part.getKey()),
            Durations.human(part.getValue()),
            Numbers.percent(100.0 * part.getValue().toMillis() / all.toMillis()));
  }

  /** A line for each run, the columns for all that one of them has spent time on. */
  public static void print(List<Run> runs, Times times, Screen screen) {
    var table =
        Stream.of(table(runs, times, true, true), table(runs, times, true, false))
            .filter(wide -> wide.fits(screen))
            .findFirst()
            .orElseGet(() -> table(runs, times, false, false));
    table.print(screen);
  }

  private static Table table(List<Run> runs, Times times, boolean started, boolean wide) {
    var uses =
        Arrays.stream(Use.values())
            .filter(use -> wide ? FIRST.contains(use) || isSpent(runs, use) : FIRST.contains(use))
            .toList();
    var others = EnumSet.complementOf(EnumSet.copyOf(uses));
    var showsOthers = others.stream().anyMatch(use -> isSpent(runs, use));
    var columns = new ArrayList<Column>();
    if (started) {
      columns.add(Table.time(times.column("STARTED", runs.stream().map(Run::startedAt))));
    }
    columns.add(Table.name("UPDATE"));
    columns.add(Table.number("RUN"));
    columns.add(Table.number("ALL"));
    uses.forEach(use -> columns.add(Table.number(use.words().toUpperCase(Locale.ROOT))));
    if (showsOthers) {
      columns.add(Table.number("OTHER"));
    }
    var table = new Table(columns.toArray(Column[]::new));
    for (var run : runs) {
      var spent = run.times();
      var cells = new ArrayList<String>();
      if (started) {
        cells.add(times.brief(run.startedAt()));
      }
      cells.add(run.update());
      cells.add(String.valueOf(run.number()));
      cells.add(spent == null ? "-" : Durations.human(spent.all()));
      uses.forEach(use -> cells.add(cell(spent, use)));
      if (showsOthers) {
        cells.add(cell(spent, others.toArray(Use[]::new)));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static boolean isSpent(List<Run> runs, Use use) {
    return runs.stream()
        .map(Run::times)
        .anyMatch(times -> times != null && !times.on(use).isZero());
  }

  private static String cell(@Nullable RunTimes times, Use... uses) {
    return times == null || times.on(uses).isZero() ? "-" : Durations.human(times.on(uses));
  }
}
