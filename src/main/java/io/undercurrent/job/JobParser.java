package io.undercurrent.job;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.sql.RunStart;
import io.undercurrent.yaml.Problems;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Value;
import io.undercurrent.yaml.YamlText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one job file; what is wrong with it is said all at once. */
final class JobParser {

  // What SQL takes as the name of a parameter.
  private static final Pattern VALUE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final UpdateKinds kinds;
  private final SourceFile file;
  private final Placeholders placeholders;
  private final Problems problems;

  private JobParser(
      UpdateKinds kinds, SourceFile file, Function<String, @Nullable Object> properties) {
    this.kinds = kinds;
    this.file = file;
    this.placeholders = new Placeholders(properties);
    this.problems = new Problems(file.source());
  }

  static ParsedFile parse(
      UpdateKinds kinds, SourceFile file, Function<String, @Nullable Object> properties) {
    if (file.problem() != null) {
      var problem = "%s: %s".formatted(file.source(), file.problem());
      return new ParsedFile(file.name(), null, List.of(problem));
    }
    return new JobParser(kinds, file, properties).parse();
  }

  private ParsedFile parse() {
    var content =
        new YamlText(file.text(), problems)
            .compose()
            .flatMap(root -> new Value("", root, problems).section(JobShape.names(JobShape.file())))
            .map(this::job);
    return new ParsedFile(file.name(), content.orElse(null), problems.messages());
  }

  private JobFile job(Section section) {
    return new JobFile(
        file.name(),
        section.value("description").flatMap(Value::text).orElse(null),
        file.source(),
        section.required("updates").map(this::updates).orElse(List.of()),
        section.value("values").flatMap(Value::section).map(this::values).orElse(Map.of()),
        section.value("needs").flatMap(JobParser::needs).orElse(Changelog.ENGINE));
  }

  private static Optional<Changelog> needs(Value value) {
    var word = value.text();
    var needs = word.flatMap(Changelog::of);
    if (word.isPresent() && needs.isEmpty()) {
      var known = Changelog.words();
      value.problem(
          "expected %s, found '%s'%s",
          String.join(" or ", known), word.get(), DidYouMean.hint(word.get(), known));
    }
    return needs;
  }

  private List<UpdateDefinition> updates(Value value) {
    var updates = new ArrayList<UpdateDefinition>();
    for (var item : value.nonEmptyList()) {
      var before = updates.isEmpty() ? null : updates.get(updates.size() - 1).name();
      UpdateParser.parse(kinds, item, before).ifPresent(updates::add);
    }
    refuseDuplicates(updates);
    refuseRecurringParts(updates);
    new Dependencies(updates).refuseCycles(problems);
    return List.copyOf(updates);
  }

  private void refuseDuplicates(List<UpdateDefinition> updates) {
    var lines = new HashMap<String, Integer>();
    for (var update : updates) {
      var first = lines.putIfAbsent(update.name(), update.line());
      if (first != null) {
        problems.add(
            update.line(),
            "update '%s' has the name of the update in line %d; expected a name of its own",
            update.name(),
            first);
      }
    }
  }

  /** Their dependencies would have to be queued with them. */
  private void refuseRecurringParts(List<UpdateDefinition> updates) {
    if (updates.size() > 1) {
      updates.stream()
          .filter(update -> update.options().every() != null)
          .forEach(
              update ->
                  problems.add(
                      update.line(),
                      "update '%s' has 'every'; expected it to be the only update of its file",
                      update.name()));
    }
  }

  private Map<String, Object> values(Section section) {
    var values = new LinkedHashMap<String, Object>();
    section
        .values()
        .forEach(
            (name, value) -> {
              if (!VALUE_NAME.matcher(name).matches()) {
                section.problemAt(
                    name, "'%s': expected a name of letters, digits and '_' for a value", name);
              }
              if (name.equals(RunStart.NAME)) {
                section.problemAt(
                    name,
                    "':%s' stands for the start of the run, expected another name for a value",
                    name);
              }
              placeholders.resolve(value).ifPresent(resolved -> values.put(name, resolved));
            });
    return Collections.unmodifiableMap(values);
  }
}
