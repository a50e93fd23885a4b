package io.undercurrent.configuration;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * A property that Undercurrent reads.
 *
 * @param elements the elements of its name
 */
record KnownProperty(List<String> elements) {

  /** Stands for any index of a list. */
  static final String INDEX = "[*]";

  /** Stands for any key of a map. */
  static final String KEY = "*";

  /** At the end, stands for anything. */
  static final String ANYTHING = "**";

  private static final Pattern NUMBER = Pattern.compile("(?<=_)\\d+(?=_|$)");

  KnownProperty plus(String element) {
    return new KnownProperty(Stream.concat(elements.stream(), Stream.of(element)).toList());
  }

  boolean matches(ConfigurationPropertyName name) {
    var size = name.getNumberOfElements();
    return isOpen()
        ? size >= elements.size() && beginsLike(name, elements.size() - 1)
        : size == elements.size() && beginsLike(name, size);
  }

  /** Whether the property is in the section of that name. */
  boolean isIn(ConfigurationPropertyName section) {
    var size = section.getNumberOfElements();
    return size < elements.size() && beginsLike(section, size);
  }

  /** Whether an environment variable sets it: Spring takes a dash as nothing or as underscore. */
  boolean matches(String variable) {
    return Stream.of("", "_")
        .map(dash -> Pattern.compile(variable(dash, "\\d+", "[^_]+", ".+"), CASE_INSENSITIVE))
        .anyMatch(pattern -> pattern.matcher(variable).matches());
  }

  /** Its name with the other's indexes and keys; empty if the other is of another shape. */
  Optional<ConfigurationPropertyName> nameLike(ConfigurationPropertyName other) {
    if (!fits(other)) {
      return Optional.empty();
    }
    var name =
        IntStream.range(0, elements.size())
            .mapToObj(i -> filled(elements.get(i), other, i))
            .collect(joining())
            .substring(1);
    return Optional.of(ConfigurationPropertyName.adapt(name, '.'));
  }

  /** The environment variable for it with the indexes that another variable has. */
  Optional<String> variableLike(String other) {
    var indexes = NUMBER.matcher(other).results().map(found -> found.group()).iterator();
    var filled =
        elements.stream()
            .map(element -> element.equals(INDEX) && indexes.hasNext() ? indexes.next() : element)
            .toList();
    return filled.stream().anyMatch(element -> element.contains(KEY))
        ? Optional.empty()
        : Optional.of(new KnownProperty(filled).variable("", "", "", "").toUpperCase(Locale.ROOT));
  }

  private boolean isOpen() {
    return elements.get(elements.size() - 1).equals(ANYTHING);
  }

  private boolean fits(ConfigurationPropertyName other) {
    return !isOpen()
        && other.getNumberOfElements() == elements.size()
        && IntStream.range(0, elements.size())
            .filter(i -> elements.get(i).contains(KEY))
            .allMatch(i -> isLike(elements.get(i), other, i));
  }

  private boolean beginsLike(ConfigurationPropertyName name, int count) {
    return IntStream.range(0, count).allMatch(i -> isLike(elements.get(i), name, i));
  }

  private static boolean isLike(String element, ConfigurationPropertyName name, int i) {
    return switch (element) {
      case INDEX -> name.isNumericIndex(i);
      case KEY -> !name.isNumericIndex(i);
      default -> name.getElement(i, Form.UNIFORM).equals(element.replace("-", ""));
    };
  }

  private static String filled(String element, ConfigurationPropertyName other, int i) {
    return switch (element) {
      case INDEX -> "[" + other.getElement(i, Form.ORIGINAL) + "]";
      case KEY -> "." + other.getElement(i, Form.ORIGINAL);
      default -> "." + element;
    };
  }

  private String variable(String dash, String index, String key, String anything) {
    return elements.stream()
        .map(
            element ->
                switch (element) {
                  case INDEX -> index;
                  case KEY -> key;
                  case ANYTHING -> anything;
                  default -> element.replace("-", dash);
                })
        .collect(joining("_"));
  }
}
