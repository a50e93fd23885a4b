package io.undercurrent.controller;

import java.util.Map;

/**
 * Code of the operator's own that paces updates, or brings processors and writers for them.
 *
 * <p>A module is a public class with a public constructor without parameters. It is listed under
 * {@code undercurrent.modules} with its class and its own configuration; its jar is in {@code
 * undercurrent.modules-directory}.
 */
@FunctionalInterface
public interface UndercurrentModule {

  /**
   * Starts the module; called once, when the process starts, in the order of the configuration.
   * What it throws ends the process with the exception's message.
   *
   * @param config the module's own settings; the keys of nested ones are joined by dots
   * @param api where the module registers its callbacks and beans, before this method returns
   */
  void start(Map<String, String> config, ModuleApi api) throws Exception;
}
