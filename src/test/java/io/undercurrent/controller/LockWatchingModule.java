package io.undercurrent.controller;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Asks for longer iterations when nobody in the database at {@code url} waits for a lock. */
public final class LockWatchingModule implements UndercurrentModule {

  private static final Duration CALM = Duration.ofSeconds(1);
  private static final Duration BUSY = Duration.ofMillis(50);

  @Override
  public void start(Map<String, String> config, ModuleApi api) {
    var url = config.get("url");
    api.registerBackgroundUpdateControllerCallbacks(
        (update, database, oneShot) -> () -> somebodyWaits(url) ? BUSY : CALM,
        (update, database) -> 200,
        (update, database) -> 10);
  }

  private static boolean somebodyWaits(String url) {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var result =
            statement.executeQuery("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")) {
      result.next();
      return result.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException("The lock monitor cannot be asked", e);
    }
  }
}
