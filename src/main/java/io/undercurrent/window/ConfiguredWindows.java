package io.undercurrent.window;

/** The windows within which all updates of a database run, whatever their job files say. */
@FunctionalInterface
public interface ConfiguredWindows {

  /** What configures them, for messages. */
  String PROPERTY = "undercurrent.health.windows";

  /** No limit. */
  ConfiguredWindows NONE = database -> TimeWindows.ALWAYS;

  /**
   * Those of a database.
   *
   * @param database its name
   */
  TimeWindows of(String database);
}
