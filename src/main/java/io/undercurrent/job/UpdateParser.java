package io.undercurrent.job;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.kind.Concern;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.kind.UpdateOptions;
import io.undercurrent.window.TimeWindows;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one update of a job file. */
final class UpdateParser {

  private static final int LONGEST_NAME = 100;
  private static final Duration SHORTEST_PERIOD = Duration.ofMinutes(1);
  private static final Duration LONGEST_PERIOD = Duration.ofDays(366);
  private static final Set<Byte> INVISIBLE =
      Set.of(Character.CONTROL, Character.FORMAT, Character.SURROGATE);

  private final UpdateKinds kinds;
  private final Section section;

  private UpdateParser(UpdateKinds kinds, Section section) {
    this.kinds = kinds;
    this.section = section;
  }

  /**
   * Reads an update.
   *
   * @param before the update before it in the file, on which it depends unless it says otherwise
   * @return empty if there is a problem that leaves it without a name
   */
  static Optional<UpdateDefinition> parse(UpdateKinds kinds, Value value, @Nullable String before) {
    return value
        .section(keys(kinds))
        .flatMap(section -> new UpdateParser(kinds, section).update(before));
  }

  private static List<String> keys(UpdateKinds kinds) {
    return Stream.of(kinds.keys(), JobShape.names(JobShape.ofUpdates()))
        .flatMap(List::stream)
        .toList();
  }

  private Optional<UpdateDefinition> update(@Nullable String before) {
    var name = section.required("name").flatMap(UpdateParser::name);
    var dependsOn = dependsOn(before);
    var ordering = section.value("ordering").flatMap(Value::integer).orElse(0);
    var lockTimeout = section.value("lock-timeout").flatMap(Value::timeout).orElse(null);
    var statementTimeout = section.value("statement-timeout").flatMap(Value::timeout).orElse(null);
    var filtersRows = section.value("row-security").flatMap(value -> value.oneOf("filter"));
    var batch = section.value("batch").map(ChunkSettingsParser::batch).orElse(BatchSettings.NONE);
    var quarantine =
        section.value("on-error").flatMap(ChunkSettingsParser::quarantine).orElse(null);
    var allowed = section.value("allow").map(UpdateParser::allowed).orElse(Set.of());
    var every = section.value("every").flatMap(UpdateParser::every).orElse(null);
    var lanes = section.value("lanes").flatMap(value -> value.integer(JobShape.LANES)).orElse(null);
    var windows =
        section.value("windows").flatMap(UpdateParser::windows).orElse(TimeWindows.ALWAYS);
    var work = kinds.read(section).orElse(UnreadableWork.INSTANCE);
    if (every != null && !work.mayRecur()) {
      section.problemAt("every", "'every' does not go with what is done once and for all");
    }
    if (work.isOneShot() && work != UnreadableWork.INSTANCE) {
      List.of("batch", "on-error").forEach(this::refuseWithoutChunks);
    }
    if (lanes != null && lanes > 1 && work != UnreadableWork.INSTANCE) {
      UpdateDefinition.undivided(name.orElse(""), work).ifPresent(this::refuseLanes);
    }
    return name.map(
        named ->
            new UpdateDefinition(
                named,
                dependsOn,
                new UpdateOptions(
                    ordering,
                    lockTimeout,
                    statementTimeout,
                    filtersRows.isPresent(),
                    batch,
                    quarantine,
                    allowed,
                    every,
                    lanes,
                    windows),
                work,
                section.line()));
  }

  private static Optional<Duration> every(Value value) {
    return value.duration(
        "a duration from 1m to 366d, such as 12h or 1d", SHORTEST_PERIOD, LONGEST_PERIOD);
  }

  private static Optional<TimeWindows> windows(Value value) {
    var texts = value.oneOrMore().stream().flatMap(item -> item.text().stream()).toList();
    try {
      return Optional.of(TimeWindows.parse(texts));
    } catch (IllegalArgumentException e) {
      value.problem("%s", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Set<Concern> allowed(Value value) {
    return value.oneOrMore().stream()
        .flatMap(word -> word.oneOf(Concern.words().toArray(String[]::new)).stream())
        .flatMap(word -> Concern.of(word).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private void refuseWithoutChunks(String key) {
    if (section.has(key)) {
      section.problemAt(key, "'%s' goes with work in chunks; this is done at once".formatted(key));
    }
  }

  private void refuseLanes(String reason) {
    section.problemAt(
        "lanes", "'lanes' does not go with what cannot be cut into slices: %s".formatted(reason));
  }

  private static Optional<String> name(Value value) {
    var name = value.text();
    name.ifPresent(text -> refuseBadName(value, text));
    return name;
  }

  private static void refuseBadName(Value value, String name) {
    var length = name.codePointCount(0, name.length());
    if (length > LONGEST_NAME) {
      value.problem("expected at most %d characters, found %d", LONGEST_NAME, length);
    }
    if (name.codePoints().anyMatch(UpdateParser::isInvisible)) {
      value.problem("expected a name without blanks or invisible characters, found '%s'", name);
    }
  }

  private static boolean isInvisible(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || INVISIBLE.contains((byte) Character.getType(character));
  }

  private @Nullable String dependsOn(@Nullable String before) {
    var value = section.value("depends-on");
    if (value.isEmpty()) {
      return before;
    }
    return value.get().isEmptyList()
        ? null
        : value.get().text("the name of an update, or [] for none").orElse(null);
  }
}
