package io.undercurrent.job;

import io.undercurrent.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the configuration into the {@code values} of a job file.
 *
 * @param properties the value of a property, or null if it is not set; for a name with {@code [*]}
 *     the list of all values
 */
record Placeholders(Function<String, @Nullable Object> properties) {

  private static final String EVERY = "[*]";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]*)(?::([^}]*))?}");

  /** What a value stands for, a text or a list of texts; empty if there is a problem with it. */
  Optional<Object> resolve(Value value) {
    return value.isList() ? resolveList(value.items()) : resolveText(value);
  }

  private Optional<Object> resolveList(List<Value> items) {
    var resolved = items.stream().flatMap(item -> resolveText(item).stream()).toList();
    return resolved.size() == items.size()
        ? Optional.of(resolved.stream().flatMap(Placeholders::texts).toList())
        : Optional.empty();
  }

  private static Stream<?> texts(Object resolved) {
    return resolved instanceof List<?> list ? list.stream() : Stream.of(resolved);
  }

  private Optional<Object> resolveText(Value value) {
    var text = value.possiblyEmptyText();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var placeholder = PLACEHOLDER.matcher(text.get());
    if (placeholder.matches() && placeholder.group(1).contains(EVERY)) {
      return Optional.of(all(placeholder.group(1)));
    }
    return fill(value, text.get());
  }

  private List<?> all(String property) {
    return properties.apply(property) instanceof List<?> list ? list : List.of();
  }

  private Optional<Object> fill(Value value, String text) {
    var problems = new ArrayList<String>();
    var filled =
        PLACEHOLDER
            .matcher(text)
            .replaceAll(
                placeholder -> {
                  var property = placeholder.group(1);
                  var otherwise = placeholder.group(2);
                  if (otherwise != null && otherwise.contains("${")) {
                    problems.add("expected a text after ':', found another '${'");
                    return "";
                  }
                  var set = one(property);
                  var replacement = set == null ? otherwise : set;
                  if (replacement == null) {
                    problems.add(problem(property));
                    return "";
                  }
                  return Matcher.quoteReplacement(replacement);
                });
    if (PLACEHOLDER.matcher(text).replaceAll("").contains("${")) {
      problems.add("expected '}' after '${', found none");
    }
    problems.forEach(problem -> value.problem("%s", problem));
    return problems.isEmpty() ? Optional.of(filled) : Optional.empty();
  }

  /** The value of a property; one that is empty counts as not set. */
  private @Nullable String one(String property) {
    var value = property.contains(EVERY) ? null : properties.apply(property);
    return value == null || value.toString().isBlank() ? null : value.toString();
  }

  private static String problem(String property) {
    if (property.contains(EVERY)) {
      return "'${%s}' stands for a list of texts and cannot be part of a text".formatted(property);
    }
    return "property '%s' is not set. Set it in application.yaml or as environment variable %s"
        .formatted(property, environmentVariable(property));
  }

  private static String environmentVariable(String property) {
    return property.replace("-", "").replaceAll("\\W+", "_").toUpperCase(Locale.ROOT);
  }
}
