package io.undercurrent.shell.view;

import static java.util.stream.Collectors.joining;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.sql.Sql;
import io.undercurrent.status.UpdateDetail;
import io.undercurrent.status.UpdateDetail.Expansion;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a job file says about an update, the defaults filled in. */
public final class DefinitionDescription {

  private static final int LONGEST_STATEMENT = 200;

  private DefinitionDescription() {}

  public static void add(
      DescriptionList facts, UpdateDetail detail, DefinedUpdate defined, Screen screen) {
    add(facts, detail, defined, sql -> shortened(sql, screen));
  }

  /**
   * Adds it to the facts.
   *
   * @param statement what a statement looks like
   */
  public static void add(
      DescriptionList facts,
      UpdateDetail detail,
      DefinedUpdate defined,
      Function<Sql, String> statement) {
    var timeouts = detail.timeouts();
    var definition = defined.definition();
    facts.add(
        "definition",
        "%s, line %d, job %s"
            .formatted(defined.job().source(), definition.line(), defined.job().name()));
    var work = definition.work().describe(statement);
    facts.add("kind", work.summary());
    work.facts().forEach(facts::add);
    if (detail.expansion() != null) {
      addExpansion(facts, detail.expansion());
    }
    facts.add("depends on", definition.dependsOn() == null ? "nothing" : definition.dependsOn());
    facts.add("ordering", String.valueOf(definition.ordering()));
    if (!definition.batch().equals(BatchSettings.NONE)) {
      facts.add("batch", batch(definition.batch()));
    }
    if (definition.options().lanes() != null) {
      facts.add("lanes", String.valueOf(definition.lanes()));
    }
    if (definition.quarantine() != null) {
      facts.add("on error", "quarantine, at most " + definition.quarantine().words());
    }
    if (definition.options().every() != null) {
      facts.add("every", Durations.human(definition.options().every()));
    }
    if (!definition.options().windows().isAlways()) {
      facts.add("windows", definition.options().windows().words());
    }
    if (definition.filtersRows()) {
      facts.add("row security", "filters: only the rows that the role may see");
    }
    if (timeouts != null) {
      facts.add(
          "timeouts",
          "lock %s%s, statement %s%s"
              .formatted(
                  timeout(timeouts.lock()),
                  definition.lockTimeout() == null ? " (default)" : "",
                  timeout(timeouts.statement()),
                  definition.statementTimeout() == null ? " (default)" : ""));
    }
  }

  /** As a whole: it is nowhere else. */
  private static void addExpansion(DescriptionList facts, Expansion expansion) {
    if (expansion.work() == null) {
      facts.add("comes to", "nothing on this database: " + expansion.problem());
    } else {
      facts.add("comes to", expansion.work().summary());
      expansion.work().facts().forEach(facts::add);
    }
  }

  private static String batch(BatchSettings batch) {
    return Stream.of(
            size("first", batch.first()),
            size("min", batch.min()),
            size("max", batch.max()),
            batch.target() == null ? "" : "target " + Durations.human(batch.target()))
        .filter(setting -> !setting.isEmpty())
        .collect(joining(", "));
  }

  private static String size(String name, @Nullable Integer items) {
    return items == null ? "" : name + " " + Numbers.grouped(items);
  }

  /** On one line, without comments that stand alone. */
  private static String shortened(Sql sql, Screen screen) {
    var line =
        sql.text()
            .lines()
            .map(String::strip)
            .filter(part -> !part.startsWith("--"))
            .collect(joining(" "));
    return screen.cut(line.replaceAll("\\s+", " ").strip(), LONGEST_STATEMENT);
  }

  private static String timeout(Duration timeout) {
    if (timeout.isZero()) {
      return "none";
    }
    return timeout.toMillisPart() == 0 && timeout.toMinutes() == 0
        ? timeout.toSeconds() + " s"
        : Durations.human(timeout);
  }
}
