package io.undercurrent.shell.report;

import static java.util.stream.Collectors.joining;

import io.undercurrent.chart.Column;
import io.undercurrent.chart.SvgChart;
import io.undercurrent.chart.Timeline;
import io.undercurrent.history.Action;
import io.undercurrent.history.Execution;
import io.undercurrent.history.Run;
import io.undercurrent.history.RunTimes;
import io.undercurrent.lease.Owner;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.ActionsView;
import io.undercurrent.shell.view.Backend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of a run as a document for a change ticket. */
public final class RunReport {

  private static final int FIGURES = 24;
  private static final String NONE = "-";

  private final Reported reported;
  private final Times times;
  private final Html html;

  private RunReport(Reported reported, Times times) {
    this.reported = reported;
    this.times = times;
    this.html = new Html(title(reported.database(), reported.run()));
  }

  /**
   * Writes it.
   *
   * @param at when that is
   */
  public static String of(Backend backend, String database, Run run, Times times, Instant at) {
    return new RunReport(Reported.read(backend, database, run), times).written(at);
  }

  private static String title(String database, Run run) {
    return "%s on %s, run %d".formatted(run.update(), database, run.number());
  }

  private String written(Instant at) {
    html.paragraph(
        "As of %s, written by Undercurrent %s.".formatted(times.local(at), Owner.version()));
    html.facts(new RunFacts(reported, times).all());
    curves();
    spent();
    executions();
    actions();
    new DefinitionSection(reported).add(html);
    return html.toString();
  }

  private void curves() {
    html.heading("Over time");
    var samples = reported.samples();
    if (samples.size() <= Timeline.TOO_FEW) {
      html.paragraph(
          "There are no curves: a run writes what it has done once a minute, and there is %s."
              .formatted(samples.isEmpty() ? "no such sample" : "one such sample"));
      return;
    }
    var title = "What %s has done over time; the table has the figures";
    html.picture(
        SvgChart.draw(
            title.formatted(title(reported.database(), reported.run())),
            Timeline.of(samples, SvgChart.COLUMNS),
            times.zone()));
    figures(Timeline.of(samples, Math.min(FIGURES, samples.size())));
  }

  private void figures(Timeline timeline) {
    var begins = timeline.columns().stream().map(Column::begin).toList();
    html.table(
        "The same in figures, each row up to the next one; the last one ends at "
            + times.local(timeline.to()),
        List.of(
            times.column("from", begins.stream()),
            "#items per second",
            "#rows changed per second",
            "#ms per iteration",
            "#target in ms",
            "time spent on"),
        timeline.columns().stream().map(column -> figures(timeline, column)).toList());
  }

  private List<String> figures(Timeline timeline, Column column) {
    return List.of(
        times.brief(column.begin()),
        figure(column.itemsPerSecond()),
        figure(column.changedPerSecond()),
        figure(column.iterationTime()),
        figure(column.target()),
        timeline.times().keySet().stream()
            .filter(activity -> column.share(activity) > Timeline.UNSEEN)
            .map(activity -> Timeline.words(activity) + " " + percent(100 * column.share(activity)))
            .collect(joining(", ")));
  }

  private static String figure(@Nullable Double value) {
    return value == null ? NONE : String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
  }

  /** With a blank at which no line is broken. */
  private static String percent(double percent) {
    return String.format(Locale.ROOT, "%.0f\u00a0%%", percent);
  }

  private void spent() {
    html.heading("What the time was spent on");
    var spent = reported.run().times();
    if (spent == null || spent.parts().isEmpty()) {
      html.paragraph("Nothing is recorded of that.");
      return;
    }
    var all = spent.all();
    var rows = new ArrayList<List<String>>();
    spent
        .parts()
        .forEach(
            (activity, time) ->
                rows.add(
                    List.of(
                        RunTimes.words(activity),
                        Durations.human(time),
                        percent(100.0 * time.toMillis() / all.toMillis()))));
    rows.add(List.of("in all", Durations.human(all), percent(100)));
    html.table("Since it was first started", List.of("", "#time", "#share"), rows);
  }

  private void executions() {
    html.heading("Executions");
    var executions = reported.executions();
    if (executions.isEmpty()) {
      html.paragraph("It has not been started.");
      return;
    }
    html.table(
        "The first one, then every restart",
        List.of(
            times.column("started", instants(executions, Execution::startedAt)),
            times.column("ended", instants(executions, Execution::endedAt)),
            "status",
            "process",
            "version",
            "#keys walked",
            "#commits",
            "#rollbacks",
            "error"),
        executions.stream().map(this::cells).toList());
  }

  private static Stream<@Nullable Instant> instants(
      List<Execution> executions, Function<Execution, @Nullable Instant> time) {
    return executions.stream().map(time);
  }

  private List<String> cells(Execution execution) {
    return List.of(
        times.brief(execution.startedAt()),
        times.brief(execution.endedAt()),
        execution.status(),
        orNone(execution.runner()),
        orNone(execution.version()),
        Numbers.grouped(execution.read()),
        Numbers.grouped(execution.commits()),
        Numbers.grouped(execution.rollbacks()),
        orNone(execution.error()));
  }

  private void actions() {
    html.heading("What operators did");
    var actions = reported.actions();
    if (actions.isEmpty()) {
      html.paragraph("Nobody is on record as having changed anything.");
      return;
    }
    html.table(
        "Changes of the update, of its job and of all updates while it was queued",
        List.of(
            times.column("when", actions.stream().map(Action::at)),
            "who",
            "from",
            "what",
            "change"),
        actions.stream().map(this::cells).toList());
  }

  private List<String> cells(Action action) {
    var subject = action.subject() == null ? " (all updates)" : " " + action.subject();
    return List.of(
        times.brief(action.at()),
        "%s (%s)".formatted(action.operator(), action.cameBy()),
        action.address(),
        action.action() + subject,
        ActionsView.change(action, times));
  }

  private static String orNone(@Nullable String text) {
    return text == null ? NONE : text;
  }
}
