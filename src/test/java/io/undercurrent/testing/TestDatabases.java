package io.undercurrent.testing;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The databases of one test method; all are closed and dropped once it has ended. */
public final class TestDatabases implements AutoCloseable {

  private final TestServer server = TestServer.get();
  private final List<Database> opened = new ArrayList<>();
  private final List<String> databaseNames = new ArrayList<>();
  private final Set<String> roles = new HashSet<>();

  /** A fresh database called {@code master}, with Undercurrent's schema. */
  public Database create() {
    return create("master");
  }

  /** A fresh database of that configured name, with Undercurrent's schema. */
  public Database create(String name) {
    return create(name, TestServer.PREPARED);
  }

  /**
   * A fresh database called {@code master}, as a template of that name is.
   *
   * @param make makes the template of a database with Undercurrent's schema, once in a test JVM
   */
  public Database createLike(String template, Consumer<Database> make) {
    return create("master", server.template(template, make));
  }

  /** A fresh database called {@code master}, without Undercurrent's schema. */
  public Database createEmpty() {
    return createEmpty("master");
  }

  /** A fresh database of that configured name, without Undercurrent's schema. */
  public Database createEmpty(String name) {
    return create(name, "template0");
  }

  /** A fresh database called {@code master} in another encoding, with Undercurrent's schema. */
  public Database createIn(String encoding) {
    var databaseName = server.createDatabaseIn(encoding);
    databaseNames.add(databaseName);
    var database = open(server.settings("master", databaseName));
    database.prepare();
    return database;
  }

  /** The same database for a login role without privileges, which is made unless it is there. */
  public Database as(String role, Database database) {
    server.createRole(role);
    roles.add(role);
    var settings = new DatabaseSettings(database.name(), database.settings().url(), role, null);
    return open(settings);
  }

  /** The superuser's way to the server's maintenance database. */
  public DatabaseSettings superuser() {
    return server.settings("postgres", "postgres");
  }

  private Database create(String name, String template) {
    var databaseName = server.createDatabase(template);
    databaseNames.add(databaseName);
    return open(server.settings(name, databaseName));
  }

  private Database open(DatabaseSettings settings) {
    var database = new Database(settings);
    opened.add(database);
    return database;
  }

  @Override
  public void close() {
    if (roles.isEmpty()) {
      server.remove(opened, databaseNames);
    } else {
      // The next test may make roles of the same names.
      opened.forEach(Database::close);
      databaseNames.forEach(server::dropDatabase);
      roles.forEach(server::dropRole);
    }
  }
}
