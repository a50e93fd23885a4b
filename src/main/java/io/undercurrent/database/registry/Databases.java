package io.undercurrent.database.registry;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.Home;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.embedded.EmbeddedServer;
import io.undercurrent.database.embedded.EmbeddedServerStarting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The databases that Undercurrent works on.
 *
 * <p>Making this opens no connection. If none is configured there is one called {@code master}, on
 * an embedded server that starts when that database is first asked for.
 */
public final class Databases implements AutoCloseable {

  private static final String DEFAULT_NAME = "master";

  private final Map<String, Supplier<DatabaseSettings>> settings;
  private final List<String> names;
  private final @Nullable EmbeddedServer server;
  private final Map<String, Database> opened = new HashMap<>();
  private boolean closed;

  private Databases(
      Map<String, Supplier<DatabaseSettings>> settings,
      @Nullable String main,
      @Nullable EmbeddedServer server) {
    this.settings = settings;
    this.names = mainFirst(settings.keySet(), main);
    this.server = server;
  }

  /** Databases that the caller knows, of different names; the first is the main one. */
  public static Databases of(DatabaseSettings main, DatabaseSettings... others) {
    var all = new ArrayList<>(List.of(main));
    all.addAll(Arrays.asList(others));
    return configured(all, main.name());
  }

  /**
   * The one database of the embedded server.
   *
   * @param home where the server keeps its data
   * @param announcements called before the server is started, which takes seconds
   */
  public static Databases embedded(Home home, Consumer<EmbeddedServerStarting> announcements) {
    return embedded(home, announcements, null);
  }

  /**
   * The databases that {@code undercurrent.databases} names, or the embedded server's.
   *
   * @param environment the configuration
   * @param announcements called before the embedded server is started, which takes seconds
   * @throws RefusedException if the configuration is not usable; the message names the property
   */
  public static Databases from(
      Environment environment, Consumer<EmbeddedServerStarting> announcements) {
    var properties = DatabasesProperties.from(Binder.get(environment));
    var main = properties.mainDatabase();
    var configured = ConfiguredDatabases.from(properties.databases());
    return configured.isEmpty()
        ? embedded(DatabasesProperties.home(environment), announcements, main)
        : configured(configured, main);
  }

  private static Databases configured(List<DatabaseSettings> configured, @Nullable String main) {
    var settings = new LinkedHashMap<String, Supplier<DatabaseSettings>>();
    configured.forEach(one -> settings.put(one.name(), () -> one));
    return new Databases(settings, main, null);
  }

  private static Databases embedded(
      Home home, Consumer<EmbeddedServerStarting> announcements, @Nullable String main) {
    var server = new EmbeddedServer(home, announcements);
    return new Databases(Map.of(DEFAULT_NAME, () -> server.settings(DEFAULT_NAME)), main, server);
  }

  private static List<String> mainFirst(Set<String> names, @Nullable String main) {
    var ordered = new ArrayList<>(names);
    var first = main == null ? implicitMain(ordered) : main;
    if (!ordered.remove(first)) {
      throw new RefusedException(
          "undercurrent.main-database: expected one of %s, got '%s'%s"
              .formatted(quoted(names), first, DidYouMean.hint(first, names)));
    }
    ordered.add(0, first);
    return List.copyOf(ordered);
  }

  private static String implicitMain(List<String> names) {
    if (names.size() > 1 && !names.contains(DEFAULT_NAME)) {
      throw new RefusedException(
          "undercurrent.main-database: expected one of %s, because none is called '%s', got nothing"
              .formatted(quoted(names), DEFAULT_NAME));
    }
    return names.size() == 1 ? names.get(0) : DEFAULT_NAME;
  }

  /** Whether no database is configured, so that there is only the embedded server's. */
  public boolean embedded() {
    return server != null;
  }

  /** What the databases are called, the main one first. */
  public List<String> names() {
    return names;
  }

  /** The database that commands mean when they name none. */
  public Database main() {
    return get(names.get(0));
  }

  /**
   * The database of that name; the same for every call.
   *
   * @throws RefusedException if no database has that name, or the embedded server cannot be used
   */
  public synchronized Database get(String name) {
    if (closed) {
      throw new IllegalStateException("The databases are closed");
    }
    var source = settings.get(name);
    if (source == null) {
      throw new RefusedException(
          "Expected a configured database (%s), got '%s'%s"
              .formatted(quoted(names), name, DidYouMean.hint(name, names)));
    }
    return opened.computeIfAbsent(name, key -> new Database(source.get()));
  }

  /**
   * Closes all databases and leaves the embedded server, which stops if no other process uses it.
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      opened.values().forEach(Database::close);
      if (server != null) {
        server.close();
      }
    }
  }

  private static String quoted(Iterable<String> names) {
    return "'" + String.join("', '", names) + "'";
  }
}
