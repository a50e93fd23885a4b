package io.undercurrent.testing;

import io.undercurrent.database.Database;
import java.time.ZoneOffset;
import java.util.TimeZone;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands databases to test methods and has them dropped afterwards. What works on them lives in UTC,
 * as in the application; all other tests run in a zone that nobody would take for it.
 */
final class PostgresExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    context.getStore(NAMESPACE).put(TimeZone.class, TimeZone.getDefault());
    TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    TimeZone.setDefault(context.getStore(NAMESPACE).get(TimeZone.class, TimeZone.class));
  }

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
