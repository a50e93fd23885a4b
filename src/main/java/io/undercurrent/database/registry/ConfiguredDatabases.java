package io.undercurrent.database.registry;

import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.DatabasesProperties.One;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Reads {@code undercurrent.databases} in both its forms, as a list and by name. */
final class ConfiguredDatabases {

  private static final String PROPERTY = "undercurrent.databases";
  private static final Pattern NAME = Pattern.compile("[\\w.-]+");
  private static final Pattern LOGIN = Pattern.compile("^jdbc:postgresql:[^?]*@");
  private static final Pattern INDEX = Pattern.compile("\\d+");

  private final List<DatabaseSettings> settings = new ArrayList<>();
  private final Map<String, String> prefixes = new HashMap<>();

  private ConfiguredDatabases() {}

  /** The databases in the order of the configuration, those of the list first. */
  static List<DatabaseSettings> from(Map<String, One> configured) {
    var databases = new ConfiguredDatabases();
    var only = configured.size() == 1;
    listed(configured).forEach(one -> databases.addListed(one, only));
    configured.forEach(
        (name, one) -> {
          if (!isIndex(name) && isAsWritten(name, configured.keySet())) {
            databases.add(PROPERTY + "." + name, name, one);
          }
        });
    return databases.settings;
  }

  private static List<One> listed(Map<String, One> configured) {
    var indexes = configured.keySet().stream().filter(ConfiguredDatabases::isIndex).toList();
    var listed =
        IntStream.range(0, indexes.size())
            .mapToObj(i -> configured.get(String.valueOf(i)))
            .filter(Objects::nonNull)
            .toList();
    if (listed.size() < indexes.size()) {
      throw new RefusedException(
          "%s: expected indexes that count up from 0, got %s"
              .formatted(PROPERTY, String.join(", ", indexes)));
    }
    return listed;
  }

  private static boolean isIndex(String key) {
    return INDEX.matcher(key).matches();
  }

  // An environment variable shows 'my-db' of a file again, as 'mydb', with the same values.
  private static boolean isAsWritten(String name, Set<String> names) {
    return !name.equals(uniform(name))
        || names.stream().noneMatch(other -> !other.equals(name) && uniform(other).equals(name));
  }

  private static String uniform(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  private void addListed(One one, boolean only) {
    var name = blankToNull(one.name());
    add("%s[%d]".formatted(PROPERTY, settings.size()), name == null && only ? "master" : name, one);
  }

  private void add(String prefix, @Nullable String name, One one) {
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
          "%s: expected a unique name, got '%s', which %s has too. Rename one of them"
              .formatted(prefix, name, other));
    }
    return name;
  }

  private static String checkUrl(String prefix, String name, @Nullable String url) {
    var expected = "%s.url: expected jdbc:postgresql://HOST:PORT/DATABASE, got ".formatted(prefix);
    if (url == null) {
      throw new RefusedException(expected + "nothing");
    }
    // Before the driver parses it: it logs what looks like a port.
    if (LOGIN.matcher(url).find()) {
      throw new RefusedException(
          expected + shown(name, url) + ". Put the login into username and password");
    }
    if (!isPostgresUrl(url)) {
      throw new RefusedException(expected + shown(name, url));
    }
    return url;
  }

  private static String shown(String name, String url) {
    return "'" + new DatabaseSettings(name, url, null, null).urlWithoutSecrets() + "'";
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
