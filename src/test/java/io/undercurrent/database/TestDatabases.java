package io.undercurrent.database;

import java.util.ArrayList;
import java.util.List;

/** The databases of one test method; all are closed and dropped when it ends. */
public final class TestDatabases implements AutoCloseable {

  private final TestServer server = TestServer.get();
  private final List<Database> created = new ArrayList<>();

  /** A fresh database called {@code master}, with Undercurrent's schema. */
  public Database create() {
    return create("master");
  }

  /** A fresh database of that configured name, with Undercurrent's schema. */
  public Database create(String name) {
    return open(name, server.createDatabase(TestServer.PREPARED));
  }

  /** A fresh database called {@code master}, without Undercurrent's schema. */
  public Database createEmpty() {
    return createEmpty("master");
  }

  /** A fresh database of that configured name, without Undercurrent's schema. */
  public Database createEmpty(String name) {
    return open(name, server.createDatabase("template0"));
  }

  /** The superuser's way to the server's maintenance database. */
  public DatabaseSettings superuser() {
    return server.settings("postgres", "postgres");
  }

  private Database open(String name, String databaseName) {
    var database = new Database(server.settings(name, databaseName));
    created.add(database);
    return database;
  }

  @Override
  public void close() {
    created.forEach(Database::close);
    created.forEach(database -> server.dropDatabase(databaseName(database)));
  }

  private static String databaseName(Database database) {
    return database.settings().url().replaceFirst("[?].*", "").replaceFirst(".*/", "");
  }
}
