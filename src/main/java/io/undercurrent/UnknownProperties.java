package io.undercurrent;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Refuses to start with a property under {@code undercurrent.} that nothing reads. */
final class UnknownProperties
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final String PREFIX = "undercurrent.";
  private static final String VARIABLE_PREFIX = "UNDERCURRENT_";
  // What Kubernetes hands to every container when a service is called "undercurrent".
  private static final Pattern KUBERNETES =
      Pattern.compile("UNDERCURRENT_(SERVICE_(HOST|PORT.*)|PORT|PORT_\\d+_(TCP|UDP|SCTP).*)");

  private final List<KnownProperty> known = KnownProperties.load();

  /**
   * Looks at everything that is set.
   *
   * @throws RefusedException if there is an unknown property; names all of them
   */
  @Override
  public void initialize(ConfigurableApplicationContext context) {
    var problems = problems(context.getEnvironment());
    if (!problems.isEmpty()) {
      throw new RefusedException(String.join("\n", problems));
    }
  }

  List<String> problems(ConfigurableEnvironment environment) {
    return environment.getPropertySources().stream()
        .filter(EnumerablePropertySource.class::isInstance)
        .flatMap(source -> problems((EnumerablePropertySource<?>) source))
        .toList();
  }

  private Stream<String> problems(EnumerablePropertySource<?> source) {
    return Stream.of(source.getPropertyNames())
        .sorted()
        .flatMap(
            key ->
                hint(source, key).stream()
                    .map(
                        hint ->
                            "%s: unknown property%s (from %s)"
                                .formatted(key, hint, Origins.of(source, key))));
  }

  /** What to say of an unknown property; empty if it is known or not ours. */
  private Optional<String> hint(EnumerablePropertySource<?> source, String key) {
    if (source instanceof SystemEnvironmentPropertySource && isVariable(key)) {
      return isKnownVariable(key) ? Optional.empty() : Optional.of(variableHint(key));
    }
    var name = ConfigurationPropertyName.adapt(key, '.');
    return !isOurs(name) || isKnown(name) || isEmptySection(name, source.getProperty(key))
        ? Optional.empty()
        : Optional.of(nameHint(name));
  }

  private static boolean isVariable(String key) {
    return key.toUpperCase(Locale.ROOT).startsWith(VARIABLE_PREFIX);
  }

  private boolean isKnownVariable(String variable) {
    return KUBERNETES.matcher(variable).matches()
        || known.stream().anyMatch(property -> property.matches(variable));
  }

  private String variableHint(String variable) {
    var candidates = known.stream().flatMap(property -> property.variableLike(variable).stream());
    return hint(variable, candidates, VARIABLE_PREFIX);
  }

  private static boolean isOurs(ConfigurationPropertyName name) {
    return name.getNumberOfElements() > 1
        && name.getElement(0, Form.UNIFORM).equals("undercurrent");
  }

  private boolean isKnown(ConfigurationPropertyName name) {
    return known.stream().anyMatch(property -> property.matches(name));
  }

  /** Whether the name is only a heading in a file, with nothing below. */
  private boolean isEmptySection(ConfigurationPropertyName name, @Nullable Object value) {
    return "".equals(value) && known.stream().anyMatch(property -> property.isIn(name));
  }

  private String nameHint(ConfigurationPropertyName name) {
    var candidates = known.stream().flatMap(property -> property.nameLike(name).stream());
    return hint(name.toString(), candidates, PREFIX);
  }

  /** Compares what follows the prefix: that alone would make all names similar. */
  private static String hint(String typed, Stream<String> candidates, String prefix) {
    var rests = candidates.map(candidate -> candidate.substring(prefix.length())).toList();
    return DidYouMean.nearest(typed.substring(prefix.length()), rests)
        .map(nearest -> ", did you mean '%s%s'?".formatted(prefix, nearest))
        .orElse("");
  }
}
