package io.undercurrent.database;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/** Reads {@code undercurrent.databases} in both its forms, as a list and by name. */
final class ConfiguredDatabases {

  private static final String PROPERTY = "undercurrent.databases";
  private static final Pattern NAME = Pattern.compile("[\\w.-]+");
  private static final Pattern INDEX = Pattern.compile("\\d+");

  private final List<DatabaseSettings> settings = new ArrayList<>();
  private final Map<String, String> prefixes = new HashMap<>();

  private ConfiguredDatabases() {}

  /** The databases in the order of the configuration, those of the list first. */
  static List<DatabaseSettings> from(Binder binder) {
    var databases = new ConfiguredDatabases();
    var listed = DatabasesProperties.from(binder).databases();
    var named =
        binder
            .bind(PROPERTY, Bindable.mapOf(String.class, DatabasesProperties.One.class))
            .orElse(Map.of());
    // An element of the list shows up here too, with its index for a name.
    named.keySet().removeIf(name -> INDEX.matcher(name).matches());
    var only = listed.size() + named.size() == 1;
    for (int i = 0; i < listed.size(); i++) {
      var prefix = "%s[%d]".formatted(PROPERTY, i);
      var name = blankToNull(listed.get(i).name());
      databases.add(prefix, name == null && only ? "master" : name, listed.get(i));
    }
    named.forEach((name, one) -> databases.add(PROPERTY + "." + name, name, one));
    return databases.settings;
  }

  private void add(String prefix, @Nullable String name, DatabasesProperties.One one) {
    var checkedName = checkName(prefix, name);
    settings.add(
        new DatabaseSettings(
            checkedName,
            checkUrl(prefix, checkedName, blankToNull(one.url())),
            blankToNull(one.username()),
            one.password()));
  }

  private String checkName(String prefix, @Nullable String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new RefusedException(
          "%s.name: expected a name of letters, digits, '_', '-' and '.', got %s"
              .formatted(prefix, name == null ? "nothing" : "'" + name + "'"));
    }
    var other = prefixes.putIfAbsent(name, prefix);
    if (other != null) {
      throw new RefusedException(
          "%s: expected a name of its own, got '%s', which %s has too. Rename one of them"
              .formatted(prefix, name, other));
    }
    return name;
  }

  private static String checkUrl(String prefix, String name, @Nullable String url) {
    var expected = "%s.url: expected jdbc:postgresql://HOST:PORT/DATABASE, got ".formatted(prefix);
    if (url == null) {
      throw new RefusedException(expected + "nothing");
    }
    if (!isPostgresUrl(url)) {
      var shown = new DatabaseSettings(name, url, null, null).urlWithoutSecrets();
      throw new RefusedException(expected + "'" + shown + "'");
    }
    return url;
  }

  private static boolean isPostgresUrl(String url) {
    try {
      new PGSimpleDataSource().setUrl(url);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
