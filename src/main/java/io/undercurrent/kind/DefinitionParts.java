package io.undercurrent.kind;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.kind.DefinitionPart.Form;
import io.undercurrent.sql.CanonicalSql;
import io.undercurrent.sql.Sql;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a definition says, by the keys of its job file: the components of its work, without those
 * that say nothing, so that a new one changes no definition that lacks it.
 */
final class DefinitionParts {

  private final Map<String, DefinitionPart> parts = new LinkedHashMap<>();

  private DefinitionParts() {}

  static Map<String, DefinitionPart> of(UpdateDefinition update, Map<String, Object> values) {
    var found = new DefinitionParts();
    var work = update.work();
    var description = work.describe(Sql::text);
    found.add("kind", description.kind());
    if (work instanceof Record components) {
      found.addComponents("", components);
    } else {
      found.add("", description.fields());
    }
    if (update.filtersRows()) {
      found.add("row-security", "filter");
    }
    found.addValues(update.name(), values);
    return found.parts;
  }

  private void addComponents(String path, Record components) {
    for (var component : components.getClass().getRecordComponents()) {
      if (isIncidental(component)) {
        continue;
      }
      var value = valueOf(component, components);
      var name = join(path, name(component));
      if (value instanceof Record && component.getType().isInterface()) {
        add(name, value.getClass().getSimpleName());
      }
      add(name, value, component.isAnnotationPresent(Fixed.class));
    }
  }

  private static boolean isIncidental(RecordComponent component) {
    return component.isAnnotationPresent(Incidental.class)
        || component.getType().isAnnotationPresent(Incidental.class)
        || component.getName().equals("line");
  }

  /** As job files have it. */
  private static String name(RecordComponent component) {
    var part = component.getAnnotation(Part.class);
    return part == null
        ? component.getName().replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT)
        : part.value();
  }

  private static @Nullable Object valueOf(RecordComponent component, Record of) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("%s cannot be read".formatted(component), e);
    }
  }

  private void add(String path, @Nullable Object value) {
    add(path, value, false);
  }

  /**
   * Adds a value and all that it is made of.
   *
   * @param fixed whether SQL in it is fixed
   */
  private void add(String path, @Nullable Object value, boolean fixed) {
    if (value == null || Boolean.FALSE.equals(value)) {
      return;
    }
    if (value instanceof Optional<?> optional) {
      add(path, optional.orElse(null), fixed);
    } else if (value instanceof Sql sql) {
      parts.put(path, new DefinitionPart(Form.SQL, sql.text(), fixed));
    } else if (value instanceof Record components) {
      addComponents(path, components);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> add(join(path, String.valueOf(key)), each, fixed));
    } else if (value instanceof Set<?> set) {
      set.stream().map(String::valueOf).sorted().forEach(each -> add(join(path, each), true));
    } else if (value instanceof Collection<?> list) {
      var number = 0;
      for (var each : list) {
        add(join(path, String.valueOf(++number)), each, fixed);
      }
    } else if (isPlain(value)) {
      parts.put(path, DefinitionPart.text(path, value.toString()));
    } else {
      throw new IllegalStateException(
          "expected '%s' to be made of records, collections and plain values, found %s. Say that it does not matter with @Incidental"
              .formatted(path, value.getClass()));
    }
  }

  private static boolean isPlain(Object value) {
    return value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Enum
        || value instanceof Duration
        || value instanceof Path;
  }

  private static String join(String path, String name) {
    return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
  }

  private void addValues(String update, Map<String, Object> values) {
    var used = new TreeMap<String, Boolean>();
    parts.values().stream()
        .filter(part -> part.form() == Form.SQL)
        .forEach(
            part ->
                CanonicalSql.parameters(part.text())
                    .forEach(name -> used.merge(name, part.fixed(), Boolean::logicalOr)));
    used.keySet().retainAll(values.keySet());
    used.forEach(
        (name, fixed) ->
            parts.put(
                "values." + name,
                new DefinitionPart(Form.HASH, hash(update, name, json(values.get(name))), fixed)));
  }

  private static String json(@Nullable Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  private static String hash(String... texts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(String.join("\0", texts).getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
