package io.undercurrent.shell.system;

import io.undercurrent.brake.HealthReport;
import io.undercurrent.brake.HealthReport.SignalView;
import io.undercurrent.brake.HealthReport.Verdict;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.json.ReasonJson;
import io.undercurrent.shell.language.ExitCode;
import io.undercurrent.shell.language.OutcomeException;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.Tint;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** What {@code health} has found, for people and for scripts. */
final class HealthView {

  private final Screen screen;
  private final Times times;

  HealthView(Screen screen, Times times) {
    this.screen = screen;
    this.times = times;
  }

  /**
   * Shows how each database does.
   *
   * @throws RefusedException if one of them could not be asked
   * @throws OutcomeException if a signal of one of them holds, or may
   */
  void show(List<String> databases, Function<String, HealthReport> ask, boolean json) {
    var asked = databases.stream().map(name -> Asked.of(name, ask)).toList();
    if (json) {
      JsonOutput.print(screen, asked.stream().map(DatabaseJson::of).toList());
    } else {
      asked.stream().filter(one -> one.problem == null).forEach(one -> show(one, asked.size() > 1));
    }
    screen.out().flush();
    end(asked);
  }

  private void show(Asked one, boolean named) {
    if (named) {
      screen.out().println(one.database + ":");
    }
    var table =
        new Table(
            Table.name("signal"),
            Table.number("value"),
            Table.number("hold"),
            Table.state("verdict"),
            Table.prose("detail"));
    one.report
        .signals()
        .forEach(
            signal ->
                table.row(
                    tint(signal.verdict()),
                    signal.signal(),
                    figure(signal, signal.value(), "-"),
                    figure(signal, signal.hold(), "off"),
                    signal.verdict().json(),
                    Stream.of(signal.subject(), signal.detail())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(": "))));
    table.print(screen);
    var noted = one.report.noted();
    if (noted.isEmpty()) {
      screen.tell("The process that runs the updates has noted no hold.");
    } else {
      screen.out().println("Noted by the process that runs the updates:");
      noted.stream()
          .map(hold -> times.sentences().of(one.database, hold))
          .flatMap(sentence -> DescriptionList.wrapped(sentence, screen.width() - 2).stream())
          .forEach(line -> screen.out().println("  " + line));
    }
  }

  private static String figure(SignalView signal, @Nullable Double figure, String otherwise) {
    return figure == null ? otherwise : signal.unit().words(figure);
  }

  private static Tint tint(Verdict verdict) {
    return switch (verdict) {
      case GO -> Tint.MOVING;
      case HOLD, UNKNOWN -> Tint.HELD;
      case CRITICAL -> Tint.FAILED;
      case OFF, NOTHING -> Tint.NONE;
    };
  }

  private static void end(List<Asked> asked) {
    var down = asked.stream().map(Asked::problem).filter(Objects::nonNull).toList();
    if (!down.isEmpty()) {
      throw new RefusedException(String.join("\n", down));
    }
    var bad =
        asked.stream()
            .flatMap(one -> one.report.signals().stream())
            .map(SignalView::verdict)
            .filter(List.of(Verdict.HOLD, Verdict.CRITICAL, Verdict.UNKNOWN)::contains)
            .count();
    if (bad > 0) {
      throw new OutcomeException(
          ExitCode.FOUND,
          "Found %s above the threshold, or unknown.".formatted(Numbers.of(bad, "signal")));
    }
  }

  private record Asked(String database, @Nullable String problem, HealthReport report) {

    static Asked of(String database, Function<String, HealthReport> ask) {
      try {
        return new Asked(database, null, ask.apply(database));
      } catch (RefusedException e) {
        return new Asked(database, "" + e.getMessage(), new HealthReport(List.of(), List.of()));
      } catch (DataAccessException e) {
        return new Asked(
            database, SqlFailure.of(e).sentence(), new HealthReport(List.of(), List.of()));
      }
    }
  }

  /** The stable form of how a database does. */
  private record DatabaseJson(
      String database, @Nullable String problem, List<SignalJson> signals, List<ReasonJson> noted) {

    static DatabaseJson of(Asked one) {
      return new DatabaseJson(
          one.database,
          one.problem,
          one.report.signals().stream().map(SignalJson::of).toList(),
          ReasonJson.all(one.database, one.report.noted()));
    }
  }

  /** The stable form of what a signal shows. */
  private record SignalJson(
      String signal,
      @Nullable String subject,
      @Nullable Double value,
      String unit,
      @Nullable Double hold,
      @Nullable Double critical,
      String verdict,
      @Nullable String detail) {

    static SignalJson of(SignalView view) {
      return new SignalJson(
          view.signal(),
          view.subject(),
          view.value(),
          view.unit().name().toLowerCase(Locale.ROOT),
          view.hold(),
          view.critical(),
          view.verdict().json(),
          view.detail());
    }
  }
}
