package io.undercurrent.job;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** The values of properties in a Spring environment, all elements of lists among them. */
final class EnvironmentValues implements Function<String, @Nullable Object> {

  private static final String EVERY = "[*]";

  private final Environment environment;
  private final Binder binder;

  EnvironmentValues(Environment environment) {
    this.environment = environment;
    this.binder = Binder.get(environment);
  }

  @Override
  public @Nullable Object apply(String property) {
    return property.contains(EVERY) ? all(property).toList() : environment.getProperty(property);
  }

  private Stream<String> all(String property) {
    var every = property.indexOf(EVERY);
    if (every < 0) {
      return Stream.ofNullable(environment.getProperty(property));
    }
    var list = property.substring(0, every);
    var rest = property.substring(every + EVERY.length());
    return rest.isEmpty() ? texts(list) : elements(list).flatMap(element -> all(element + rest));
  }

  private Stream<String> texts(String list) {
    return binder.bind(name(list), Bindable.listOf(String.class)).orElse(List.of()).stream();
  }

  private Stream<String> elements(String list) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> "%s[%d]".formatted(list, i))
        .takeWhile(this::isSet);
  }

  private boolean isSet(String element) {
    var anything = Bindable.mapOf(String.class, Object.class);
    return binder.bind(name(element), anything).isBound();
  }

  private static ConfigurationPropertyName name(String property) {
    return ConfigurationPropertyName.adapt(property, '.');
  }
}
