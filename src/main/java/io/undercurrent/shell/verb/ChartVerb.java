package io.undercurrent.shell.verb;

import static java.util.stream.Collectors.joining;

import io.undercurrent.chart.TextChart;
import io.undercurrent.chart.Timeline;
import io.undercurrent.history.Run;
import io.undercurrent.history.Sample;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.Since;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code chart}: what a run has done over time. */
@Component
final class ChartVerb {

  private final Backend backend;
  private final Screen screen;
  private final Times times;
  private final Clock clock;

  ChartVerb(Backend backend, Screen screen, Times times, Clock clock) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
    this.clock = clock;
  }

  @Command(
      name = "chart",
      group = Groups.WATCH,
      description = "The pace of a run over time, and what it spent its time on",
      help =
          """
          Draws how many items a run has done per second, and how many rows it has
          changed if that is another figure; how long its iterations took, with their
          target; and what its time was spent on: it worked, slept, was paused, or held
          by a signal of the database's health. Without --run it is the last run of
          the update, the one that is queued if one is. A run writes what it has done
          once a minute. report has the same as a document.

          Example:
            chart fill_titles
            chart fill_titles --since 2h
            chart fill_titles --run 3 --json | jq '.samples[].items'""")
  void chart(
      @Argument(index = 0, description = "the update") String update,
      @Option(longName = "run", description = "its run of this number; the last one without it")
          @Nullable Integer run,
      @Option(longName = "since", description = "only since a time, or the last 2h or 7d")
          @Nullable String since,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "json", description = "the samples as JSON, for scripts") boolean json) {
    var earliest = since == null ? null : Since.of("--since", since, times.zone(), clock.instant());
    var name = backend.database(database);
    var meant = backend.run(name, update, run);
    var samples = backend.samples(name).of(update, meant.number(), earliest);
    if (json) {
      JsonOutput.print(screen, ChartJson.of(name, meant, samples));
    } else if (samples.size() <= Timeline.TOO_FEW) {
      screen.say(tooFew(name, meant, samples, earliest));
    } else {
      draw(name, meant, earliest == null ? samples : after(earliest, samples));
    }
  }

  private static List<Sample> after(Instant since, List<Sample> samples) {
    return samples.stream().map(sample -> sample.after(since)).toList();
  }

  private String tooFew(String database, Run run, List<Sample> samples, @Nullable Instant since) {
    var found =
        "Run %d of %s on %s has %s%s, and a chart takes two."
            .formatted(
                run.number(),
                run.update(),
                database,
                samples.isEmpty() ? "no sample" : "one sample",
                since == null ? "" : " since " + times.local(since));
    return found + " " + wayOut(run, since);
  }

  private static String wayOut(Run run, @Nullable Instant since) {
    if (since != null) {
      return "Ask for more with an earlier --since, or without it.";
    }
    if (run.endedAt() != null) {
      return "It ended before there were more, or undercurrent.history.samples has kept them no longer. Its figures are in: history "
          + run.update();
    }
    return run.startedAt() == null
        ? "It has not started yet: see why with: why " + run.update()
        : "A run writes one a minute: ask again in a minute or two, or see whether it moves with: why "
            + run.update();
  }

  private void draw(String database, Run run, List<Sample> samples) {
    var timeline = Timeline.of(samples, 1);
    screen.tell(
        "%s on %s, run %d, %s: %s to %s"
            .formatted(
                run.update(),
                database,
                run.number(),
                run.status(),
                times.brief(timeline.from()),
                times.local(timeline.to())));
    TextChart.draw(samples, screen.width(), screen.unicode(), times.zone())
        .forEach(screen.out()::println);
    screen.tell(sums(samples, timeline));
    screen.out().flush();
  }

  private static String sums(List<Sample> samples, Timeline timeline) {
    var length = Duration.between(timeline.from(), timeline.to());
    return "In %s: %s in %s; %s."
        .formatted(
            Durations.human(length),
            Numbers.of(samples.stream().mapToLong(Sample::items).sum(), "item"),
            Numbers.of(samples.stream().mapToLong(Sample::iterations).sum(), "iteration"),
            timeline.times().entrySet().stream()
                .map(
                    time ->
                        "%s %s (%s)"
                            .formatted(
                                Timeline.words(time.getKey()),
                                Durations.human(time.getValue()),
                                Numbers.percent(
                                    100.0 * time.getValue().toMillis() / length.toMillis())))
                .collect(joining(", ")));
  }

  /** The stable form of a chart. */
  private record ChartJson(
      String database, String update, long run, String status, List<SampleJson> samples) {

    static ChartJson of(String database, Run run, List<Sample> samples) {
      return new ChartJson(
          database,
          run.update(),
          run.number(),
          run.status().name(),
          samples.stream().map(SampleJson::of).toList());
    }
  }

  /** The stable form of a sample. */
  private record SampleJson(
      Instant at,
      long ms,
      long items,
      @Nullable Long changed,
      long iterations,
      long iterationMs,
      @Nullable Long targetMs,
      @Nullable Long chunkSize,
      Map<String, Long> timesMs) {

    static SampleJson of(Sample sample) {
      var times = new LinkedHashMap<String, Long>();
      sample.times().forEach((activity, time) -> times.put(activity, time.toMillis()));
      return new SampleJson(
          sample.at(),
          sample.span().toMillis(),
          sample.items(),
          sample.changed(),
          sample.iterations(),
          sample.iterationTime().toMillis(),
          sample.target() == null ? null : sample.target().toMillis(),
          sample.chunkSize(),
          times);
    }
  }
}
