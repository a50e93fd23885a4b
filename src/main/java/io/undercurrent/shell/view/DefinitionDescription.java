package io.undercurrent.shell.view;

import static java.util.stream.Collectors.joining;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.Work.CreateIndex;
import io.undercurrent.job.Work.IndexColumn;
import io.undercurrent.job.Work.IndexParts;
import io.undercurrent.job.Work.Read;
import io.undercurrent.job.Work.ReadWrite;
import io.undercurrent.job.Work.Run;
import io.undercurrent.job.Work.Sql;
import io.undercurrent.job.Work.Write;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.status.UpdateDetail.TimeoutsView;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a job file says about an update, the defaults filled in. */
public final class DefinitionDescription {

  private static final int LONGEST_STATEMENT = 200;

  private DefinitionDescription() {}

  public static void add(
      DescriptionList facts,
      DefinedUpdate defined,
      @Nullable TimeoutsView timeouts,
      Screen screen) {
    var definition = defined.definition();
    facts.add(
        "definition",
        "%s, line %d, job %s"
            .formatted(defined.job().source(), definition.line(), defined.job().name()));
    if (definition.work() instanceof ReadWrite work) {
      facts.add("kind", "read and write, in chunks");
      facts.add("read", read(work.read(), screen));
      if (work.process() != null) {
        facts.add("process", "bean " + work.process());
      }
      facts.add(
          "write",
          work.write() instanceof Write.Statements statements
              ? statements(statements.statements(), screen)
              : "bean " + ((Write.Bean) work.write()).name());
      if (work.expect() != null) {
        facts.add("expects", work.expect().words() + " changed for each item");
      }
    } else if (definition.work() instanceof Run run) {
      facts.add("kind", "one-shot: SQL in one transaction");
      facts.add("run", statements(run.statements(), screen));
    } else if (definition.work() instanceof CreateIndex index) {
      facts.add("kind", "one-shot: an index, built concurrently");
      facts.add("builds", index(index, screen));
    }
    facts.add("depends on", definition.dependsOn() == null ? "nothing" : definition.dependsOn());
    facts.add("ordering", String.valueOf(definition.ordering()));
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

  private static String index(CreateIndex index, Screen screen) {
    return "%s%s on %s (%s)%s%s%s%s%s"
        .formatted(
            index.unique() ? "unique " : "",
            index.name(),
            index.table(),
            index.parts() instanceof IndexParts.Columns columns
                ? columns.columns().stream()
                    .map(DefinitionDescription::column)
                    .collect(joining(", "))
                : shortened(((IndexParts.Expression) index.parts()).sql(), screen),
            index.using() == null ? "" : ", using " + index.using(),
            index.include().isEmpty() ? "" : ", including " + String.join(", ", index.include()),
            index.with().isEmpty() ? "" : ", with " + parameters(index),
            index.where() == null ? "" : ", where " + shortened(index.where(), screen),
            index.replaces() == null ? "" : ", replaces " + index.replaces());
  }

  private static String parameters(CreateIndex index) {
    return index.with().entrySet().stream().map(Object::toString).collect(joining(", "));
  }

  private static String column(IndexColumn column) {
    return column.name()
        + (column.collation() == null ? "" : " collate " + column.collation())
        + (column.operatorClass() == null ? "" : " " + column.operatorClass())
        + (column.order() == null ? "" : " " + column.order())
        + (column.nulls() == null ? "" : " nulls " + column.nulls());
  }

  private static String read(Read read, Screen screen) {
    var key = "(" + String.join(", ", read.key()) + ")";
    if (read instanceof Read.Table table) {
      return "table %s by %s%s"
          .formatted(
              table.table(),
              key,
              table.where() == null ? "" : ", where " + shortened(table.where(), screen));
    }
    return "by %s: %s".formatted(key, shortened(((Read.Query) read).sql(), screen));
  }

  private static String statements(List<Sql> statements, Screen screen) {
    return statements.stream().map(sql -> shortened(sql, screen)).collect(joining("\n"));
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
