package io.undercurrent.testing;

import io.undercurrent.database.Database;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands databases to test methods and drops them afterwards. */
final class PostgresExtension implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return context.getTestMethod().isPresent()
        && (type == Database.class || type == TestDatabases.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var store = context.getStore(NAMESPACE);
    // The store closes what it holds when the test method ends.
    var databases = store.computeIfAbsent(TestDatabases.class, key -> new TestDatabases());
    return parameter.getParameter().getType() == TestDatabases.class
        ? databases
        : store
            .computeIfAbsent(
                "database", key -> new Lasting(((TestDatabases) databases).create()), Lasting.class)
            .database();
  }

  /** A database that is closed by its {@link TestDatabases}, not by the store. */
  private record Lasting(Database database) {}
}
