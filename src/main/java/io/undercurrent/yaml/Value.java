package io.undercurrent.yaml;

import io.undercurrent.sql.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value of a file, read as what it is expected to be; whatever else it is becomes a problem.
 *
 * @param key what the value belongs to, for messages; empty for the whole file
 * @param node the value
 * @param problems of the file
 */
public record Value(String key, Node node, Problems problems) {

  private static final int MOST_BLANKS = 80;
  private static final Pattern WITHOUT_UNIT = Pattern.compile("[+-]?\\d*");
  private static final Set<ScalarStyle> BLOCK_STYLES =
      Set.of(ScalarStyle.LITERAL, ScalarStyle.FOLDED);
  // PostgreSQL keeps timeouts as milliseconds in an int; 0 means none.
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(24);

  public int line() {
    return Problems.line(node);
  }

  public boolean isList() {
    return node instanceof SequenceNode;
  }

  public boolean isEmptyList() {
    return isList() && items().isEmpty();
  }

  public boolean isMapping() {
    return node instanceof MappingNode;
  }

  /** The text as it is written, whatever else YAML might see in it. */
  public Optional<String> text() {
    return text("a text");
  }

  public Optional<String> text(String expected) {
    return node instanceof ScalarNode scalar && !isNothing()
        ? Optional.of(scalar.getValue())
        : refused(expected);
  }

  /** The text, which may be {@code ''}. */
  public Optional<String> possiblyEmptyText() {
    return node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)
        ? Optional.of(scalar.getValue())
        : refused("a text");
  }

  /** A file by its name, which is relative to the file that this is a value of. */
  public Optional<Path> file() {
    return parsed("the name of a file", name -> Path.of(problems.source()).resolveSibling(name));
  }

  public Optional<Sql> sql() {
    if (isCutByAComment()) {
      problem(
          "'#' after a blank begins a comment, so the SQL would end before it. Put it in quotes");
      return Optional.empty();
    }
    return text("SQL").map(sql -> new Sql(sql.stripTrailing(), firstLine()));
  }

  /** An SQL expression, which may be a bare NULL. */
  public Optional<Sql> expression() {
    return node instanceof ScalarNode scalar && scalar.getValue().equalsIgnoreCase("null")
        ? Optional.of(new Sql(scalar.getValue(), line()))
        : sql();
  }

  /** As in {@code data #>> '{a}'}, where no comment was meant. */
  private boolean isCutByAComment() {
    if (!(node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN)) {
      return false;
    }
    var rest = after(node);
    return rest.startsWith("#>") || rest.startsWith("#- ");
  }

  /** What follows in the file, after blanks; a part of it. */
  static String after(Node node) {
    var end = node.getEndMark();
    var length = Math.min(end.getBuffer().length - end.getPointer(), MOST_BLANKS);
    return new String(end.getBuffer(), end.getPointer(), length).stripLeading();
  }

  /** One statement or a list of them. */
  public List<Sql> statements() {
    return oneOrMore().stream().flatMap(statement -> statement.sql().stream()).toList();
  }

  public Optional<Integer> integer() {
    return parsed("an integer", Integer::valueOf);
  }

  /** A whole number of a range. */
  public Optional<Integer> integer(Shape.Range range) {
    return parsed(
        "a number from %d to %d".formatted(range.least(), range.most()),
        text -> {
          var number = Integer.valueOf(text);
          if (number < range.least() || number > range.most()) {
            throw new IllegalArgumentException(text);
          }
          return number;
        });
  }

  public Optional<Boolean> flag() {
    return parsed("true or false", Value::flag);
  }

  private static Boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** A duration that PostgreSQL takes for a timeout. */
  public Optional<Duration> timeout() {
    return duration("a duration from 1ms to 24d, such as 500ms, 2s or 1m", SHORTEST, LONGEST);
  }

  /**
   * A duration of a range.
   *
   * @param expected the range, for messages
   */
  public Optional<Duration> duration(String expected, Duration shortest, Duration longest) {
    return parsed(expected, text -> within(text, shortest, longest));
  }

  /** The items of a list, of which there has to be one at least. */
  public List<Value> nonEmptyList() {
    if (!isList()) {
      refused("a list");
      return List.of();
    }
    if (isEmptyList()) {
      problem("expected at least one, found an empty list");
    }
    return items();
  }

  /** The items of a list, or the value itself where there is only one. */
  public List<Value> oneOrMore() {
    return isList() ? nonEmptyList() : List.of(this);
  }

  /** Names of columns, of which there has to be one at least, and none twice. */
  public List<String> columns() {
    var columns = oneOrMore().stream().flatMap(column -> column.text().stream()).toList();
    refuseRepeated(columns);
    return columns;
  }

  public void refuseRepeated(List<String> columns) {
    var seen = new HashSet<String>();
    columns.stream()
        .filter(column -> !seen.add(column))
        .forEach(column -> problem("expected each column once, found '%s' again", column));
  }

  /** One of these words. */
  public Optional<String> oneOf(String... words) {
    return parsed(
        String.join(" or ", words),
        text -> {
          if (!List.of(words).contains(text)) {
            throw new IllegalArgumentException(text);
          }
          return text;
        });
  }

  /** The values under the keys of a mapping, of which only the known ones may be there. */
  public Optional<Section> section(List<String> known) {
    var section = section();
    section.ifPresent(mapping -> mapping.refuseUnknownKeys(known));
    return section;
  }

  /** The same, of which the required ones have to be there. */
  public Optional<Section> section(Shape.Mapping shape) {
    var section = section(shape.names());
    section.ifPresent(
        mapping ->
            shape.keys().stream()
                .filter(Shape.Key::required)
                .forEach(key -> mapping.required(key.name())));
    return section;
  }

  /** The values under the keys of a mapping. */
  public Optional<Section> section() {
    return node instanceof MappingNode mapping
        ? Optional.of(Section.of(mapping, problems))
        : refused("a mapping");
  }

  public void problem(String message, Object... of) {
    var subject = key.isEmpty() ? "" : "'" + key + "': ";
    problems.add(node, "%s%s", subject, message.formatted(of));
  }

  public List<Value> items() {
    return ((SequenceNode) node)
        .getValue().stream().map(item -> new Value(key, item, problems)).toList();
  }

  private boolean isNothing() {
    return node.getTag().equals(Tag.NULL)
        || (node instanceof ScalarNode scalar && scalar.getValue().isBlank());
  }

  private int firstLine() {
    return node instanceof ScalarNode scalar && BLOCK_STYLES.contains(scalar.getScalarStyle())
        ? line() + 1
        : line();
  }

  /**
   * The text as something that is made of it.
   *
   * @param expected what that is, for messages
   * @param parser throws an {@link IllegalArgumentException} for a text that is something else
   */
  public <T> Optional<T> parsed(String expected, Function<String, T> parser) {
    return text(expected)
        .flatMap(
            text -> {
              try {
                return Optional.of(parser.apply(text));
              } catch (IllegalArgumentException e) {
                problem("expected %s, found '%s'", expected, text);
                return Optional.empty();
              }
            });
  }

  private static Duration within(String text, Duration shortest, Duration longest) {
    // Spring takes a bare number for milliseconds, its readers for seconds.
    if (WITHOUT_UNIT.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    var duration = DurationStyle.detectAndParse(text);
    if (duration.compareTo(shortest) < 0 || duration.compareTo(longest) > 0) {
      throw new IllegalArgumentException(text);
    }
    return duration;
  }

  private <T> Optional<T> refused(String expected) {
    problem("expected %s, found %s", expected, found());
    return Optional.empty();
  }

  private String found() {
    if (isNothing()) {
      return "nothing";
    }
    return isList() ? "a list" : isMapping() ? "a mapping" : "a text";
  }
}
