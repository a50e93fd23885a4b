package io.undercurrent.job;

import static java.util.stream.Collectors.groupingBy;

import io.undercurrent.database.DidYouMean;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks job files against each other: each update has one file, each dependency has one too. */
final class CrossCheck {

  private final Map<String, List<DefinedUpdate>> updates;
  private final Dependencies dependencies;
  private final boolean complete;

  CrossCheck(Collection<ParsedFile> files) {
    this.updates =
        files.stream()
            .map(ParsedFile::content)
            .filter(Objects::nonNull)
            .flatMap(CrossCheck::updates)
            .collect(groupingBy(update -> update.definition().name()));
    this.dependencies =
        new Dependencies(
            updates.values().stream()
                .flatMap(List::stream)
                .map(DefinedUpdate::definition)
                .toList());
    this.complete = files.stream().allMatch(file -> file.content() != null);
  }

  /** The file with what is wrong with it in view of the others. */
  ParsedFile apply(ParsedFile file) {
    var content = file.content();
    return content == null ? file : file.with(updates(content).flatMap(this::problems).toList());
  }

  private static Stream<DefinedUpdate> updates(JobFile job) {
    return job.updates().stream().map(definition -> new DefinedUpdate(job, definition));
  }

  private Stream<String> problems(DefinedUpdate update) {
    return Stream.concat(
            updates.getOrDefault(update.definition().name(), List.of()).stream()
                .filter(other -> !other.job().equals(update.job()))
                .map(
                    other ->
                        "update '%s' is also defined in %s; expected only one file to define it"
                            .formatted(update.definition().name(), place(other))),
            Stream.concat(unknownDependency(update.definition().dependsOn()), cycle(update)))
        .map(problem -> place(update) + ": " + problem);
  }

  private Stream<String> unknownDependency(@Nullable String dependsOn) {
    return dependsOn == null || updates.containsKey(dependsOn) || !complete
        ? Stream.empty()
        : Stream.of(
            "no file defines update '%s', which 'depends-on' names%s"
                .formatted(dependsOn, DidYouMean.hint(dependsOn, updates.keySet())));
  }

  /** A cycle through other files too, once for each file; one within the file is known already. */
  private Stream<String> cycle(DefinedUpdate update) {
    var cycle = dependencies.cycleFrom(update.definition());
    var here = update.job().updates();
    var first = here.stream().filter(cycle::contains).limit(1).toList();
    return here.containsAll(cycle) || !first.contains(update.definition())
        ? Stream.empty()
        : Stream.of(Dependencies.words(cycle));
  }

  private static String place(DefinedUpdate update) {
    return "%s:%d".formatted(update.job().source(), update.definition().line());
  }
}
