package io.undercurrent.shell.system;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.doctor.Finding;
import io.undercurrent.doctor.Report;
import io.undercurrent.doctor.Report.NotDone;
import io.undercurrent.shell.language.ExitCode;
import io.undercurrent.shell.language.OutcomeException;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Tint;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** What {@code doctor} has found, for people and for scripts. */
public final class FindingsView {

  private final Screen screen;

  public FindingsView(Screen screen) {
    this.screen = screen;
  }

  /**
   * Shows what there is in each database.
   *
   * @throws RefusedException if one of them could not be asked
   * @throws OutcomeException if there is a problem in one of them
   */
  public void show(List<String> databases, Function<String, Report> examine, boolean json) {
    var examined = databases.stream().map(name -> Examined.of(name, examine)).toList();
    if (json) {
      JsonOutput.print(screen, examined.stream().map(DatabaseJson::of).toList());
    } else {
      examined.forEach(one -> show(one, databases.size() > 1));
    }
    screen.out().flush();
    end(examined);
  }

  private void show(Examined one, boolean named) {
    if (named) {
      screen.out().println(one.database + ":");
    }
    var findings = one.report.findings();
    var indent = findings.stream().mapToInt(finding -> finding.name().length()).max().orElse(0) + 2;
    findings.forEach(
        finding ->
            new DescriptionList()
                .add(finding.name(), text(finding), tint(finding))
                .print(screen, indent));
    one.report
        .notDone()
        .forEach(
            missing ->
                screen.say("Not looked for: %s: %s".formatted(missing.name(), missing.reason())));
    if (findings.isEmpty() && one.problem == null) {
      screen.tell("Nothing is wrong on %s.".formatted(one.database));
    }
  }

  private static String text(Finding finding) {
    return "%s%s.\n%s%s"
        .formatted(
            finding.isProblem() ? "" : "Hint: ",
            finding.sentence(),
            finding.cure(),
            finding.fixable() ? "\nOr have it done: doctor --fix " + finding.name() : "");
  }

  private static Tint tint(Finding finding) {
    return finding.isProblem() ? Tint.FAILED : Tint.HELD;
  }

  private void end(List<Examined> examined) {
    var findings = examined.stream().flatMap(one -> one.report.findings().stream()).toList();
    var problems = findings.stream().filter(Finding::isProblem).count();
    var hints = findings.size() - problems;
    var found =
        "Found %s and %s.".formatted(Numbers.of(problems, "problem"), Numbers.of(hints, "hint"));
    var down = examined.stream().map(Examined::problem).filter(Objects::nonNull).toList();
    if (!down.isEmpty()) {
      throw new RefusedException(String.join("\n", down));
    }
    if (problems > 0) {
      throw new OutcomeException(ExitCode.FOUND, found);
    }
    if (hints > 0) {
      screen.say(found);
    }
  }

  private record Examined(String database, @Nullable String problem, Report report) {

    static Examined of(String database, Function<String, Report> examine) {
      try {
        return new Examined(database, null, examine.apply(database));
      } catch (RefusedException e) {
        return new Examined(
            database, String.valueOf(e.getMessage()), new Report(List.of(), List.of()));
      } catch (DataAccessException e) {
        return new Examined(
            database, SqlFailure.of(e).sentence(), new Report(List.of(), List.of()));
      }
    }
  }

  /** The stable form of what was found in a database. */
  private record DatabaseJson(
      String database,
      @Nullable String problem,
      List<FindingJson> findings,
      List<NotDoneJson> notDone) {

    static DatabaseJson of(Examined one) {
      return new DatabaseJson(
          one.database,
          one.problem,
          one.report.findings().stream().map(FindingJson::of).toList(),
          one.report.notDone().stream().map(NotDoneJson::of).toList());
    }
  }

  /** The stable form of a finding. */
  private record FindingJson(
      String name,
      String severity,
      @Nullable String subject,
      String what,
      String cure,
      boolean fixable) {

    static FindingJson of(Finding finding) {
      return new FindingJson(
          finding.name(),
          finding.severity().json(),
          finding.subject(),
          finding.sentence(),
          finding.cure(),
          finding.fixable());
    }
  }

  /** The stable form of a check that could not be made. */
  private record NotDoneJson(String name, String reason) {

    static NotDoneJson of(NotDone missing) {
      return new NotDoneJson(missing.name(), missing.reason());
    }
  }
}
