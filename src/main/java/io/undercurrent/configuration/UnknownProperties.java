package io.undercurrent.configuration;

import io.undercurrent.database.RefusedException;
import java.util.List;
import java.util.Locale;
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

/**
 * Refuses to start with a property under {@code undercurrent.} that nothing reads.
 *
 * <p>Spring Boot's own check ({@code ignoreUnknownFields = false}) does not do. In Boot 4.0 it
 * ignores environment variables and system properties, misses misspelled sections because it only
 * looks below a prefix that is bound, runs only when a bean is made, which is late for lazy ones,
 * stops at the first class with a problem, and suggests nothing.
 */
final class UnknownProperties
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  // What Kubernetes hands to every container when a service is called "undercurrent".
  private static final Pattern KUBERNETES =
      Pattern.compile("UNDERCURRENT_(SERVICE_(HOST|PORT.*)|PORT|PORT_\\d+_(TCP|UDP|SCTP).*)");

  private static final Pattern DATABASE =
      Pattern.compile("(?i)UNDERCURRENT_DATABASES_.+_(URL|USERNAME|PASSWORD)");

  private final KnownProperties known = new KnownProperties(PropertyDescription.read());

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
    var sources =
        environment.getPropertySources().stream()
            .filter(EnumerablePropertySource.class::isInstance)
            .<EnumerablePropertySource<?>>map(source -> (EnumerablePropertySource<?>) source)
            .toList();
    var elsewhere =
        sources.stream()
            .flatMap(
                source ->
                    Stream.of(source.getPropertyNames()).filter(key -> !isVariable(source, key)))
            .map(UnknownProperties::name)
            .filter(UnknownProperties::isOurs)
            .toList();
    return sources.stream().flatMap(source -> problems(source, elsewhere)).toList();
  }

  private Stream<String> problems(
      EnumerablePropertySource<?> source, List<ConfigurationPropertyName> elsewhere) {
    return Stream.of(source.getPropertyNames())
        .sorted()
        .filter(
            key ->
                isVariable(source, key) ? !isKnownVariable(key, elsewhere) : !isKnown(source, key))
        .map(
            key ->
                "%s: unknown property%s (from %s)"
                    .formatted(key, hint(source, key), Origins.of(source, key)));
  }

  private static boolean isVariable(EnumerablePropertySource<?> source, String key) {
    return source instanceof SystemEnvironmentPropertySource
        && key.toUpperCase(Locale.ROOT).startsWith(KnownProperties.VARIABLE_PREFIX);
  }

  private boolean isKnownVariable(String variable, List<ConfigurationPropertyName> elsewhere) {
    return KUBERNETES.matcher(variable).matches() || known.containVariable(variable, elsewhere);
  }

  private boolean isKnown(EnumerablePropertySource<?> source, String key) {
    var name = name(key);
    return !isOurs(name) || known.contain(name) || isHeading(name, source.getProperty(key));
  }

  private static boolean isOurs(ConfigurationPropertyName name) {
    return name.getNumberOfElements() > 1
        && name.getElement(0, Form.UNIFORM).equals("undercurrent");
  }

  /** Whether it is only the heading of an empty section of a file. */
  private boolean isHeading(ConfigurationPropertyName name, @Nullable Object value) {
    return "".equals(value) && known.haveSection(name);
  }

  private String hint(EnumerablePropertySource<?> source, String key) {
    if (DATABASE.matcher(key).matches()) {
      return "; a name of several words goes into UNDERCURRENT_DATABASES_0_NAME";
    }
    var nearest = isVariable(source, key) ? known.nearestVariable(key) : known.nearest(name(key));
    return nearest.map(", did you mean '%s'?"::formatted).orElse("");
  }

  private static ConfigurationPropertyName name(String key) {
    return ConfigurationPropertyName.adapt(key, '.');
  }
}
