package io.undercurrent.configuration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.core.io.UrlResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The properties that Undercurrent reads: those of the records that the annotation processor found.
 */
final class PropertyDescription {

  private static final String DESCRIPTION = "META-INF/spring-configuration-metadata.json";
  private static final KnownProperty DATABASES =
      new KnownProperty(List.of("undercurrent", "databases"));

  private static final KnownProperty HEALTH = new KnownProperty(List.of("undercurrent", "health"));

  private PropertyDescription() {}

  static List<KnownProperty> read() {
    // JSON is YAML but for an escaped slash, and SnakeYAML starts sooner than Jackson.
    Map<String, List<Map<String, String>>> description =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(text().replace("\\/", "/"));
    return requireNonNull(description.get("groups")).stream()
        .flatMap(PropertyDescription::ofGroup)
        .flatMap(PropertyDescription::alsoOfOneDatabase)
        .distinct()
        .toList();
  }

  private static String text() {
    try {
      var loader = PropertyDescription.class.getClassLoader();
      // Every jar of Spring has one; ours is among the first.
      for (var urls = loader.getResources(DESCRIPTION); urls.hasMoreElements(); ) {
        var text = new UrlResource(urls.nextElement()).getContentAsString(UTF_8);
        if (text.contains("\"undercurrent.")) {
          return text;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(
        "Expected the properties to be described in %s, found nothing. Compile with"
                .formatted(DESCRIPTION)
            + " spring-boot-configuration-processor");
  }

  private static Stream<KnownProperty> ofGroup(Map<String, String> group) {
    var prefix = new KnownProperty(List.of(requireNonNull(group.get("name")).split("\\.")));
    try {
      return below(prefix, Class.forName(requireNonNull(group.get("type"))));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is said of health may be said of one database, too. */
  private static Stream<KnownProperty> alsoOfOneDatabase(KnownProperty property) {
    var elements = property.elements();
    if (!elements.subList(0, 2).equals(HEALTH.elements())) {
      return Stream.of(property);
    }
    if (elements.get(2).equals("databases")) {
      return Stream.empty();
    }
    var ofOne = HEALTH.plus("databases").plus(KnownProperty.KEY);
    for (var element : elements.subList(2, elements.size())) {
      ofOne = ofOne.plus(element);
    }
    return Stream.of(property, ofOne);
  }

  /** The property itself, if it is one, and all properties within its type. */
  private static Stream<KnownProperty> below(KnownProperty property, Type type) {
    if (type instanceof Class<?> record && record.isRecord()) {
      return Stream.of(record.getRecordComponents())
          .flatMap(component -> below(property.plus(name(component)), component.getGenericType()));
    }
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      var elements = below(property.plus(KnownProperty.INDEX), list.getActualTypeArguments()[0]);
      return Stream.concat(Stream.of(property), elements);
    }
    if (property.equals(DATABASES) && type instanceof ParameterizedType databases) {
      // They may be given by their names or as a list.
      var database = databases.getActualTypeArguments()[1];
      return Stream.of(KnownProperty.INDEX, KnownProperty.KEY)
          .flatMap(key -> below(property.plus(key), database));
    }
    if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
      return Stream.of(property, property.plus(KnownProperty.ANYTHING));
    }
    return Stream.of(property);
  }

  private static String name(RecordComponent component) {
    try {
      var field = component.getDeclaringRecord().getDeclaredField(component.getName());
      var name = field.getAnnotation(Name.class);
      return name == null ? DataObjectPropertyName.toDashedForm(field.getName()) : name.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
